// Text into the system's clipboard.

/** Rejects with a sentence where the browser allows no clipboard, as on pages without encryption. */
export async function copyText(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  // The old way still works where the new one is withheld.
  const area = document.createElement('textarea');
  area.value = text;
  area.style.position = 'fixed';
  document.body.append(area);
  area.select();
  const isCopied = document.execCommand('copy');
  area.remove();
  if (!isCopied) throw new Error('This browser gives the page no clipboard; select the text and copy it by hand');
}
