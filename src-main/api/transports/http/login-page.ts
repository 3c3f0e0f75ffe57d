// The page for browsers that are not let in yet: asks for the password, or tells where the link is. Plain HTML, no scripts, its
// one style sheet allowed by its hash.
import { createHash } from 'node:crypto';

const texts = {
  en: {
    title: 'Log in to Ospite',
    password: 'Password',
    logIn: 'Log in',
    intro: 'This is an Ospite host. Its machines are for those who know the password.',
    wrong: 'That password is wrong. Try again.',
    locked: (seconds: number) =>
      seconds === 1
        ? 'Too many attempts. Try again in a second.'
        : `Too many attempts. Try again in ${seconds} seconds.`,
    linkTitle: 'This browser is not let in',
    link: 'Open the link that Ospite printed when it began to serve, or that “ospite serve” prints now: its token lets one browser in, once.',
    badLink: 'This link was used already, or is wrong. Run “ospite serve” again for a new one.',
    badLinkPassword: 'This link was used already, or is wrong. Log in with the password.',
  },
  it: {
    title: 'Accedi a Ospite',
    password: 'Password',
    logIn: 'Accedi',
    intro: 'Questo è un host Ospite. Le sue macchine sono per chi conosce la password.',
    wrong: 'La password è sbagliata. Riprova.',
    locked: (seconds: number) =>
      seconds === 1 ? 'Troppi tentativi. Riprova tra un secondo.' : `Troppi tentativi. Riprova tra ${seconds} secondi.`,
    linkTitle: 'Questo browser non è ammesso',
    link: 'Apri il collegamento che Ospite ha mostrato all’avvio, o quello che “ospite serve” mostra ora: il suo codice fa entrare un solo browser, una volta sola.',
    badLink:
      'Questo collegamento è già stato usato, o è sbagliato. Esegui di nuovo “ospite serve” per averne uno nuovo.',
    badLinkPassword: 'Questo collegamento è già stato usato, o è sbagliato. Accedi con la password.',
  },
};

export type Language = keyof typeof texts;

/** What went wrong just now, if anything. */
export type Mishap = { kind: 'wrong' } | { kind: 'badLink' } | { kind: 'locked'; seconds: number } | null;

const style = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; --page: #eef1f5; --card: #fff; --ink: #1b2733;
  --dim: #52606d; --line: #8795a1; --accent: #1565c0; --on-accent: #fff; --bad: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --page: #12171d; --card: #1d242c; --ink: #e6ebf0; --dim: #a4b1bd;
  --line: #6b7885; --accent: #90caf9; --on-accent: #0b2036; --bad: #f2b8b5; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 16px; background: var(--page); color: var(--ink); }
main { width: min(100%, 400px); padding: 32px; background: var(--card); border-radius: 12px; box-shadow: 0 2px 12px #0002; }
svg { display: block; width: 48px; height: 48px; margin-left: -6px; color: var(--accent); }
h1 { margin: 16px 0 8px; font-size: 22px; line-height: 1.3; font-weight: 600; }
p { margin: 0 0 24px; color: var(--dim); }
p:last-child { margin-bottom: 0; }
p[role="alert"] { color: var(--bad); font-weight: 500; }
label { display: block; margin-bottom: 6px; font-weight: 500; }
input { width: 100%; padding: 10px 12px; font: inherit; color: inherit; background: transparent; border: 1px solid var(--line); border-radius: 8px; }
button { width: 100%; margin-top: 20px; padding: 11px; font: inherit; font-weight: 600; color: var(--on-accent); background: var(--accent); border: 0; border-radius: 8px; cursor: pointer; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
`;

const icon =
  '<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.6" aria-hidden="true"><rect x="3" y="4" width="18" height="12" rx="2"/><path d="M8 20h8M12 16v4"/><rect x="7" y="7.5" width="10" height="5" rx="1"/></svg>';

const hash = createHash('sha256').update(style).digest('base64');
const policy = `default-src 'none'; style-src 'sha256-${hash}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`;

export function loginPage(options: { language: Language; hasPassword: boolean; mishap: Mishap }): {
  html: string;
  policy: string;
} {
  const { language, hasPassword } = options;
  const text = texts[language];
  const title = hasPassword ? text.title : text.linkTitle;
  const mishap = mishapText(options);
  const html = `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
<main>
${icon}
<h1>${title}</h1>
${mishap === null ? '' : `<p role="alert">${mishap}</p>`}
${hasPassword ? form(text, mishap === null) : mishap === null ? `<p>${text.link}</p>` : ''}
</main>
</body>
</html>
`;
  return { html, policy };
}

/** Posts to the page's own address, so that the part after "#" survives. */
function form(text: (typeof texts)['en'], hasIntro: boolean): string {
  return `${hasIntro ? `<p>${text.intro}</p>` : ''}
<form method="post">
<label for="password">${text.password}</label>
<input id="password" name="password" type="password" autocomplete="current-password" required maxlength="1000" autofocus>
<button type="submit">${text.logIn}</button>
</form>`;
}

function mishapText({ language, hasPassword, mishap }: Parameters<typeof loginPage>[0]): string | null {
  const text = texts[language];
  switch (mishap?.kind) {
    case 'wrong':
      return text.wrong;
    case 'locked':
      return text.locked(mishap.seconds);
    case 'badLink':
      return hasPassword ? text.badLinkPassword : text.badLink;
    default:
      return null;
  }
}

/** The first language of `Accept-Language` that there are texts in, by weight; English otherwise. */
export function languageOf(header: string | undefined): Language {
  const wishes = (header ?? '')
    .slice(0, 1000)
    .split(',')
    .map((part) => {
      const [tag = '', ...rest] = part.split(';').map((piece) => piece.trim().toLowerCase());
      const weight = rest.find((piece) => piece.startsWith('q='))?.slice(2);
      return { language: tag.split('-')[0]!, weight: weight === undefined ? 1 : Number(weight) || 0 };
    })
    .filter(({ language, weight }) => weight > 0 && Object.hasOwn(texts, language))
    .toSorted((a, b) => b.weight - a.weight);
  return (wishes[0]?.language as Language | undefined) ?? 'en';
}
