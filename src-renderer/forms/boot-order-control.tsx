// What a machine starts from: a list to tick and to put into order, by the arrows at the right or Alt with the arrow keys.
import ArrowDownIcon from '@mui/icons-material/ArrowDownward';
import ArrowUpIcon from '@mui/icons-material/ArrowUpward';
import Box from '@mui/material/Box';
import Checkbox from '@mui/material/Checkbox';
import FormControlLabel from '@mui/material/FormControlLabel';
import IconButton from '@mui/material/IconButton';
import List from '@mui/material/List';
import ListItem from '@mui/material/ListItem';
import { type ReactElement, useState } from 'react';
import type { MachineSettings } from '../../src-main/contract/machine.ts';
import { useText } from '../i18n/text.ts';
import type { FieldIds } from './field.tsx';

export type BootDevice = MachineSettings['bootOrder'][number];
const devices: readonly BootDevice[] = ['floppy', 'cdrom', 'disk', 'net'];

interface BootOrderControlProps {
  ids: FieldIds;
  value: readonly BootDevice[];
  isDisabled?: boolean;
  onChange(order: BootDevice[]): void;
}

export function BootOrderControl({ ids, value, isDisabled = false, onChange }: BootOrderControlProps): ReactElement {
  const { settings: text } = useText();
  // Unticked ones keep the place that they were given while the list is shown.
  const [order, setOrder] = useState<readonly BootDevice[]>(() => allDevices(value));
  const shown = allDevices(order, value);
  const apply = (changed: readonly BootDevice[], ticked: ReadonlySet<BootDevice>): void => {
    setOrder(changed);
    onChange(changed.filter((device) => ticked.has(device)));
  };
  const move = (device: BootDevice, by: -1 | 1): void => {
    const from = shown.indexOf(device);
    const to = from + by;
    if (to < 0 || to >= shown.length) return;
    apply(shown.with(from, shown[to]!).with(to, device), new Set(value));
  };
  return (
    <List
      dense
      disablePadding
      aria-labelledby={ids.labelId}
      aria-describedby={ids.describedBy}
      sx={{ border: 1, borderColor: 'divider', borderRadius: 1, maxWidth: 320 }}
    >
      {shown.map((device, index) => {
        const title = text.bootDevices[device];
        return (
          <ListItem
            key={device}
            disablePadding
            sx={{ px: 1, minHeight: 36 }}
            onKeyDown={(event) => {
              if (!event.altKey || isDisabled || !/^Arrow(Up|Down)$/.test(event.key)) return;
              event.preventDefault();
              move(device, event.key === 'ArrowUp' ? -1 : 1);
            }}
          >
            <FormControlLabel
              disabled={isDisabled}
              sx={{ flex: 1, mr: 0 }}
              slotProps={{ typography: { variant: 'body2' } }}
              label={title}
              control={
                <Checkbox
                  size="small"
                  sx={{ py: 0.5 }}
                  checked={value.includes(device)}
                  onChange={(event) => {
                    const ticked = new Set(value);
                    if (event.target.checked) ticked.add(device);
                    else ticked.delete(device);
                    apply(shown, ticked);
                  }}
                />
              }
            />
            <Box sx={{ whiteSpace: 'nowrap' }}>
              <IconButton
                size="small"
                aria-label={text.moveUp(title)}
                disabled={isDisabled || index === 0}
                onClick={() => move(device, -1)}
              >
                <ArrowUpIcon fontSize="small" />
              </IconButton>
              <IconButton
                size="small"
                aria-label={text.moveDown(title)}
                disabled={isDisabled || index === shown.length - 1}
                onClick={() => move(device, 1)}
              >
                <ArrowDownIcon fontSize="small" />
              </IconButton>
            </Box>
          </ListItem>
        );
      })}
    </List>
  );
}

/** Every device once: those of `order` first. When the ticked ones stand in another order there, that one is taken. */
function allDevices(order: readonly BootDevice[], ticked: readonly BootDevice[] = []): BootDevice[] {
  const isSame = order.filter((device) => ticked.includes(device)).join() === ticked.join();
  return [...new Set([...(isSame ? order : ticked), ...order, ...devices])];
}
