// Records a canvas as a WebM video. The video is kept in memory until it is saved, so it ends by itself at a limit.

export interface Recording {
  startedAt: number;
  bytes: number;
}

const FRAMES_PER_SECOND = 30;
const BITS_PER_SECOND = 4_000_000;
const CHUNK_MS = 1000;
/** A picture that stands still gives the recorder no frames; this often it gets one. */
const STILL_MS = 500;
export const RECORDING_LIMIT_BYTES = 1024 ** 3;

const TYPES = ['video/webm;codecs=vp8', 'video/webm;codecs=vp9', 'video/webm'];

export function canRecord(): boolean {
  return typeof MediaRecorder !== 'undefined' && TYPES.some((type) => MediaRecorder.isTypeSupported(type));
}

export class CanvasRecorder {
  readonly #recorder: MediaRecorder;
  readonly #stream: MediaStream;
  readonly #chunks: Blob[] = [];
  readonly #still: ReturnType<typeof setInterval>;
  readonly #startedAt = Date.now();
  readonly #ended: Promise<void>;

  /**
   * @param touch makes the canvas give a frame though nothing changed
   * @param onGrown called about once a second
   */
  constructor(canvas: HTMLCanvasElement, touch: () => void, onGrown: (recording: Recording) => void) {
    this.#stream = canvas.captureStream(FRAMES_PER_SECOND);
    const type = TYPES.find((candidate) => MediaRecorder.isTypeSupported(candidate));
    this.#recorder = new MediaRecorder(this.#stream, {
      ...(type === undefined ? {} : { mimeType: type }),
      videoBitsPerSecond: BITS_PER_SECOND,
    });
    let bytes = 0;
    this.#recorder.addEventListener('dataavailable', ({ data }) => {
      this.#chunks.push(data);
      bytes += data.size;
      onGrown({ startedAt: this.#startedAt, bytes });
    });
    this.#ended = new Promise((resolve) => this.#recorder.addEventListener('stop', () => resolve(), { once: true }));
    this.#recorder.start(CHUNK_MS);
    touch();
    this.#still = setInterval(touch, STILL_MS);
  }

  /** Ends the recording and gives the video. */
  async stop(): Promise<Blob> {
    clearInterval(this.#still);
    if (this.#recorder.state !== 'inactive') this.#recorder.stop();
    await this.#ended;
    for (const track of this.#stream.getTracks()) track.stop();
    return new Blob(this.#chunks, { type: 'video/webm' });
  }
}
