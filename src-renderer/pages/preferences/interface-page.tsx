// Questions that the user did not want to be asked again.
import Button from '@mui/material/Button';
import List from '@mui/material/List';
import ListItem from '@mui/material/ListItem';
import ListItemText from '@mui/material/ListItemText';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import type { ReactElement } from 'react';
import { useText } from '../../i18n/text.ts';
import type { PageProps } from './pages.tsx';

export function InterfacePage({ values, onChange }: PageProps): ReactElement {
  const { preferences } = useText();
  const text = preferences.interface;
  const { suppressedWarnings } = values;
  const titles: Record<string, string> = text.warnings;
  return (
    <Stack spacing={1.5} sx={{ alignItems: 'flex-start' }}>
      <Typography variant="subtitle1" component="h4" sx={{ fontWeight: 500 }}>
        {text.suppressed}
      </Typography>
      <Typography variant="body2" color="textSecondary">
        {suppressedWarnings.length === 0 ? text.noneSuppressed : text.suppressedHelp}
      </Typography>
      {suppressedWarnings.length > 0 && (
        <List dense disablePadding sx={{ width: '100%' }}>
          {suppressedWarnings.map((id) => (
            <ListItem
              key={id}
              divider
              secondaryAction={
                <Button
                  size="small"
                  onClick={() =>
                    onChange({ suppressedWarnings: suppressedWarnings.filter((candidate) => candidate !== id) })
                  }
                >
                  {text.askAgain}
                </Button>
              }
            >
              <ListItemText primary={titles[id] ?? id} />
            </ListItem>
          ))}
        </List>
      )}
      <Button
        variant="outlined"
        disabled={suppressedWarnings.length === 0}
        onClick={() => onChange({ suppressedWarnings: [] })}
      >
        {text.resetAll}
      </Button>
    </Stack>
  );
}
