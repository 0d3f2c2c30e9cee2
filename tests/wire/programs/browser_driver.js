// Opens a page in Chromium, waits for what it has to tell, and leaves it as people do.
// Run as `node browser_driver.js CHROMIUM URL`.
const {chromium} = require('playwright-core');

async function main() {
  const [executablePath, url] = process.argv.slice(2);
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'],
  });
  const page = await browser.newPage();
  page.on('pageerror', (problem) => console.error(String(problem)));
  page.on('console', (line) => console.error(line.text()));
  await page.goto(url);
  await page.waitForFunction(() => window.told, undefined, {timeout: 30_000});
  const told = await page.evaluate(() => window.told);
  await page.goto('about:blank');
  await browser.close();
  console.log(told);
}

main();
