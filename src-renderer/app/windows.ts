// Further windows of the application.

/** Opens, or brings to the front, the console window of a machine. */
export function openConsoleWindow(id: string): void {
  window.open(`#/console/${id}`, `ospite-console-${id}`, 'popup,width=900,height=680')?.focus();
}
