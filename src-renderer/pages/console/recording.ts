// Starts and ends the recording of the guest's screen.
import { attempt, notify } from '../../client/store.ts';
import { CanvasRecorder, RECORDING_LIMIT_BYTES } from '../../display/recorder.ts';
import { currentText } from '../../i18n/text.ts';
import { useConsole } from './console-store.ts';
import { fileName, saveFile } from './save-file.ts';

let recorder: CanvasRecorder | null = null;

export function toggleRecording(machineName: string): void {
  if (recorder) void attempt(() => stopRecording(machineName));
  else void attempt(async () => startRecording(machineName));
}

function startRecording(machineName: string): void {
  const { screen } = useConsole.getState();
  if (!screen) return;
  recorder = new CanvasRecorder(
    screen.canvas,
    () => screen.touch(),
    (recording) => {
      if (!recorder) return;
      useConsole.setState({ recording });
      if (recording.bytes < RECORDING_LIMIT_BYTES) return;
      notify(new Error(currentText().console.recording.limit));
      void attempt(() => stopRecording(machineName));
    },
  );
  useConsole.setState({ recording: { startedAt: Date.now(), bytes: 0 } });
}

async function stopRecording(machineName: string): Promise<void> {
  const ending = recorder;
  recorder = null;
  if (!ending) return;
  useConsole.setState({ recording: 'saving' });
  try {
    const video = await ending.stop();
    if (video.size === 0) throw new Error(currentText().console.recording.failed);
    saveFile(video, fileName(machineName, 'webm'));
  } finally {
    useConsole.setState({ recording: null });
  }
}
