// Further windows of the application.

/** Opens, or brings to the front, the console window of a machine. False where the browser allowed no window. */
export function openConsoleWindow(id: string): boolean {
  const opened = window.open(`#/console/${id}`, `ospite-console-${id}`, 'popup,width=900,height=680');
  opened?.focus();
  return opened !== null;
}
