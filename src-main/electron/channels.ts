// Names of the messages between the preload script and the main process.

/** Renderer to main: a page has loaded and begins a session. */
export const CONNECT = 'ospite:connect';
/** Renderer to main: one request, as JSON text. */
export const REQUEST = 'ospite:request';
/** Main to renderer: JSON text or a binary stream frame. */
export const MESSAGE = 'ospite:message';
/** Renderer to main, answered: the file chosen in the system's dialog, or null. */
export const CHOOSE_FILE = 'ospite:choose-file';
/** Main to renderer: ask the user whether to quit while machines run. */
export const ASK_QUIT = 'ospite:ask-quit';
/** Renderer to main: the question is on the screen. */
export const QUIT_ASKED = 'ospite:quit-asked';
