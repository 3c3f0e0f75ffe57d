// What is to become of a running machine whose console window closes.
import Button from '@mui/material/Button';
import Checkbox from '@mui/material/Checkbox';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import FormControl from '@mui/material/FormControl';
import FormControlLabel from '@mui/material/FormControlLabel';
import FormLabel from '@mui/material/FormLabel';
import Radio from '@mui/material/Radio';
import RadioGroup from '@mui/material/RadioGroup';
import Typography from '@mui/material/Typography';
import { type ReactElement, useState } from 'react';
import { useText } from '../../i18n/text.ts';
import { type CloseAction, endWith } from './closing.ts';
import { changeUi } from './modes.ts';

const CHOICES = ['background', 'saveState', 'powerButton', 'powerOff'] as const;

export function CloseDialog({ id, name, onClose }: { id: string; name: string; onClose(): void }): ReactElement {
  const { console: text, common } = useText();
  const [choice, setChoice] = useState<CloseAction>('background');
  const [isRemembered, setIsRemembered] = useState(false);
  const hints: Record<(typeof CHOICES)[number], string> = {
    background: text.close.backgroundHint,
    saveState: text.reasons.later,
    powerButton: text.close.powerButtonHint,
    powerOff: text.close.powerOffHint,
  };
  const confirm = (): void => {
    if (isRemembered) changeUi(id, { closeAction: choice });
    onClose();
    void endWith(id, choice);
  };
  return (
    <Dialog open onClose={onClose} maxWidth="sm" fullWidth>
      <DialogTitle sx={{ overflowWrap: 'anywhere' }}>{text.close.title(name)}</DialogTitle>
      <DialogContent>
        <FormControl>
          <FormLabel id="close-question">{text.close.question}</FormLabel>
          <RadioGroup
            aria-labelledby="close-question"
            value={choice}
            onChange={(event) => setChoice(event.target.value as CloseAction)}
          >
            {CHOICES.map((one) => (
              <FormControlLabel
                key={one}
                value={one}
                disabled={one === 'saveState'}
                control={
                  <Radio size="small" autoFocus={one === 'background'} sx={{ alignSelf: 'flex-start', mt: 0.25 }} />
                }
                label={
                  <>
                    {text.close[one]}
                    <Typography variant="body2" color={one === 'saveState' ? 'inherit' : 'text.secondary'}>
                      {hints[one]}
                    </Typography>
                  </>
                }
                sx={{ mt: 1.5 }}
              />
            ))}
          </RadioGroup>
        </FormControl>
        <FormControlLabel
          sx={{ mt: 2, display: 'flex' }}
          control={
            <Checkbox size="small" checked={isRemembered} onChange={(event) => setIsRemembered(event.target.checked)} />
          }
          label={text.close.remember}
        />
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose}>{common.cancel}</Button>
        <Button variant="contained" onClick={confirm}>
          {common.ok}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
