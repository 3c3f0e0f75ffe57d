import type { Catalogue } from '../catalogue.ts';
import type { common as original } from '../en/common.ts';

export const common = {
  cancel: 'Annulla',
  ok: 'OK',
  close: 'Chiudi',
  back: 'Indietro',
  next: 'Avanti',
  finish: 'Fine',
  help: 'Aiuto',
  add: 'Aggiungi',
  remove: 'Rimuovi',
  refresh: 'Aggiorna',
  browse: 'Sfoglia…',
  copy: 'Copia',
  copied: 'Copiato',
  copyAsCommand: 'Copia come comando',
  doNotAskAgain: 'Non chiedere più',
  none: 'nessuno',
  empty: 'vuoto',
  states: {
    poweredOff: 'Spenta',
    starting: 'In avvio',
    running: 'In esecuzione',
    paused: 'In pausa',
    stopping: 'In arresto',
    crashed: 'In crash',
    aborted: 'Interrotta',
  },
} satisfies Catalogue<typeof original>;
