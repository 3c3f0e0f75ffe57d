// How the work begun on this page goes on.
import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import LinearProgress from '@mui/material/LinearProgress';
import Typography from '@mui/material/Typography';
import type { ReactElement } from 'react';
import type { Task } from '../../../src-main/contract/task.ts';
import { client } from '../../client/client.ts';
import { attempt } from '../../client/store.ts';
import { useText } from '../../i18n/text.ts';

export function TaskList({ tasks }: { tasks: Task[] }): ReactElement {
  const { common, panes } = useText();
  return (
    <>
      {tasks.map((task) =>
        task.state === 'failed' ? (
          <Alert
            key={task.id}
            severity="error"
            sx={{ mx: 2, mt: 1, overflowWrap: 'anywhere' }}
            onClose={() => void attempt(() => client.call('task.dismiss', { id: task.id }))}
            slotProps={{ closeButton: { 'aria-label': common.close } }}
          >
            {panes.media.failed(task.title, task.message)}
          </Alert>
        ) : (
          <Box
            key={task.id}
            role="group"
            aria-label={task.title}
            sx={{ display: 'flex', alignItems: 'center', gap: 2, px: 2, pt: 1 }}
          >
            <Typography variant="body2" noWrap sx={{ minWidth: 160, maxWidth: '45%' }}>
              {task.title}
            </Typography>
            <LinearProgress
              variant={task.progress === null ? 'indeterminate' : 'determinate'}
              value={(task.progress ?? 0) * 100}
              aria-label={task.title}
              sx={{ flex: 1, borderRadius: 1 }}
            />
            <Typography variant="body2" color="textSecondary" sx={{ width: '5ch', textAlign: 'right' }}>
              {task.progress === null ? '' : `${Math.round(task.progress * 100)} %`}
            </Typography>
            <Button
              size="small"
              disabled={!task.isCancellable}
              onClick={() => void attempt(() => client.call('task.cancel', { id: task.id }))}
            >
              {common.cancel}
            </Button>
          </Box>
        ),
      )}
    </>
  );
}
