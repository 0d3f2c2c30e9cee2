// What somebody wants to buy.
export interface Item {
  name: string;
  price: number | null;
}

export class Cart {
  private readonly items: Item[] = [];

  add(item: Item): void {
    this.items.push(item);
  }

  total(): number {
    let sum = 0;
    for (const item of this.items) {
      sum += priceOf(item);
    }
    return sum;
  }
}

function priceOf(item: Item): number {
  if (item.price === null) {
    throw new RangeError(`no price for ${item.name}`);
  }
  return item.price;
}
