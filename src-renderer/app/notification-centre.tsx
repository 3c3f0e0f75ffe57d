// Slides in at the right edge: running tasks with progress and Cancel, ended ones, and failures.
import CancelledIcon from '@mui/icons-material/BlockOutlined';
import DoneIcon from '@mui/icons-material/CheckCircleOutlined';
import CloseIcon from '@mui/icons-material/Close';
import ErrorIcon from '@mui/icons-material/ErrorOutlined';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import IconButton from '@mui/material/IconButton';
import LinearProgress from '@mui/material/LinearProgress';
import Paper from '@mui/material/Paper';
import Slide from '@mui/material/Slide';
import Typography from '@mui/material/Typography';
import type { ReactElement, ReactNode } from 'react';
import type { Task, TaskState } from '../../src-main/contract/task.ts';
import { client } from '../client/client.ts';
import { attempt, dismissNotice, dismissNotices, useHost } from '../client/store.ts';
import { useText } from '../i18n/text.ts';

const icons: Record<Exclude<TaskState, 'running'>, ReactElement> = {
  done: <DoneIcon color="success" fontSize="small" />,
  failed: <ErrorIcon color="error" fontSize="small" />,
  cancelled: <CancelledIcon color="disabled" fontSize="small" />,
};

/** What the counter in the top bar tells: tasks that run, and failures. */
export function useNotificationCount(): number {
  const running = useHost(({ tasks }) => tasks.filter(({ state }) => state === 'running').length);
  return useHost(({ notices }) => notices.length) + running;
}

export function NotificationCentre({ isOpen, onClose }: { isOpen: boolean; onClose(): void }): ReactElement {
  const { common } = useText();
  const text = common.notifications;
  const tasks = useHost((host) => host.tasks);
  const notices = useHost((host) => host.notices);
  const ended = tasks.filter(({ state }) => state !== 'running');
  const clear = (): void => {
    dismissNotices();
    for (const { id } of ended) void attempt(() => client.call('task.dismiss', { id }));
  };
  return (
    <Slide in={isOpen} direction="left" mountOnEnter unmountOnExit>
      <Paper
        component="aside"
        square
        elevation={6}
        aria-label={text.title}
        onKeyDown={(event) => event.key === 'Escape' && onClose()}
        sx={{
          position: 'absolute',
          top: 0,
          right: 0,
          bottom: 0,
          width: 360,
          maxWidth: '100%',
          zIndex: 'drawer',
          display: 'flex',
          flexDirection: 'column',
          borderLeft: 1,
          borderColor: 'divider',
        }}
      >
        <Box
          sx={{ display: 'flex', alignItems: 'center', gap: 1, px: 2, py: 1, borderBottom: 1, borderColor: 'divider' }}
        >
          <Typography variant="subtitle1" component="h2" sx={{ flex: 1, fontWeight: 500 }}>
            {text.title}
          </Typography>
          <Button size="small" disabled={ended.length + notices.length === 0} onClick={clear}>
            {text.clear}
          </Button>
          <IconButton size="small" aria-label={common.close} onClick={onClose}>
            <CloseIcon fontSize="small" />
          </IconButton>
        </Box>
        <Box component="ul" sx={{ flex: 1, overflow: 'auto', m: 0, p: 0, listStyle: 'none' }}>
          {notices.toReversed().map(({ key, message, at }) => (
            <Entry
              key={`notice ${key}`}
              icon={<ErrorIcon color="error" fontSize="small" />}
              title={message}
              when={new Date(at)}
              onDismiss={() => dismissNotice(key)}
            />
          ))}
          {tasks.map((task) => (
            <TaskEntry key={task.id} task={task} />
          ))}
          {tasks.length + notices.length === 0 && (
            <Typography component="li" color="text.secondary" sx={{ p: 3, textAlign: 'center' }}>
              {text.nothing}
            </Typography>
          )}
        </Box>
      </Paper>
    </Slide>
  );
}

function TaskEntry({ task }: { task: Task }): ReactElement {
  const { common } = useText();
  const text = common.notifications;
  const { id, title, state, progress, message, isCancellable, startedAt, endedAt } = task;
  if (state !== 'running')
    return (
      <Entry
        icon={icons[state]}
        title={title}
        detail={message === '' ? text.states[state] : message}
        when={new Date(endedAt ?? startedAt)}
        onDismiss={() => void attempt(() => client.call('task.dismiss', { id }))}
      />
    );
  return (
    <Box component="li" sx={{ px: 2, py: 1.5, borderBottom: 1, borderColor: 'divider' }}>
      <Box sx={{ display: 'flex', alignItems: 'center', gap: 1 }}>
        <Typography variant="body2" sx={{ flex: 1, fontWeight: 500, overflowWrap: 'anywhere' }}>
          {title}
        </Typography>
        <Button
          size="small"
          disabled={!isCancellable}
          onClick={() => void attempt(() => client.call('task.cancel', { id }))}
        >
          {common.cancel}
        </Button>
      </Box>
      <LinearProgress
        aria-label={title}
        sx={{ my: 0.75 }}
        {...(progress === null ? {} : { variant: 'determinate', value: progress * 100 })}
      />
      <Typography variant="caption" color="text.secondary" sx={{ fontVariantNumeric: 'tabular-nums' }}>
        {[progress === null ? '' : `${Math.floor(progress * 100)} %`, message].filter(Boolean).join(' · ')}
      </Typography>
    </Box>
  );
}

interface EntryProps {
  icon: ReactNode;
  title: string;
  detail?: string;
  when: Date;
  onDismiss(): void;
}

function Entry({ icon, title, detail, when, onDismiss }: EntryProps): ReactElement {
  const { common } = useText();
  return (
    <Box
      component="li"
      sx={{
        display: 'flex',
        alignItems: 'flex-start',
        gap: 1.25,
        px: 2,
        py: 1.25,
        borderBottom: 1,
        borderColor: 'divider',
      }}
    >
      {icon}
      <Box sx={{ flex: 1, minWidth: 0, overflowWrap: 'anywhere' }}>
        <Typography variant="body2">{title}</Typography>
        <Typography variant="caption" color="text.secondary" component="p">
          {[detail, when.toLocaleTimeString()].filter(Boolean).join(' · ')}
        </Typography>
      </Box>
      <IconButton size="small" aria-label={common.notifications.dismiss(title)} onClick={onDismiss}>
        <CloseIcon fontSize="inherit" />
      </IconButton>
    </Box>
  );
}
