// The accessibility checker on a page that has come to rest: what is still fading in has less contrast than it will have.
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

interface CheckOptions {
  /** Selector of the part to look at; the whole page when missing. */
  within?: string;
  disabledRules?: string[];
  /** Leave out what does not keep anybody from using the page. */
  onlySerious?: boolean;
}

/** One line for each element at fault. */
export async function accessibilityFaults(page: Page, options: CheckOptions = {}): Promise<string[]> {
  await untilStill(page);
  let checker = new AxeBuilder({ page }).disableRules(options.disabledRules ?? []);
  if (options.within !== undefined) checker = checker.include(options.within);
  const { violations } = await checker.analyze();
  return violations
    .filter(({ impact }) => !options.onlySerious || impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
}

/** No transition runs, and none begins within two frames. */
async function untilStill(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const transitions = (): Animation[] =>
      document.getAnimations().filter((animation) => animation instanceof CSSTransition);
    const nextFrame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
    for (let still = 0; still < 2; still++) {
      const running = transitions();
      if (running.length > 0) still = -1;
      await Promise.allSettled(running.map(({ finished }) => finished));
      await nextFrame();
    }
  });
}
