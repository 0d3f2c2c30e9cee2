// Failures of the payment service.
//
// PaymentError
// ├── RefusedError        the player asked for something that cannot be; said to the player
// ├── ProviderError       the card company did not answer as it should
// └── FaultError          a demonstration fault
//
// Only these carry a status; everything else is a 500.

export class PaymentError extends Error {
  override name = 'PaymentError';
  readonly status: number;

  constructor(message: string, status = 500, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

export class RefusedError extends PaymentError {
  override name = 'RefusedError';

  constructor(message: string, status = 400) {
    super(message, status);
  }
}

export class ProviderError extends PaymentError {
  override name = 'ProviderError';

  constructor(message: string, options?: ErrorOptions) {
    super(message, 502, options);
  }
}

export class FaultError extends PaymentError {
  override name = 'FaultError';
}
