// Entry of a machine worker thread: opens what the settings name, builds the machine, runs it, talks to its handle.
import { parentPort, workerData } from 'node:worker_threads';
import { MachineWorker } from './machine-worker.ts';
import type { ToWorker, WorkerStart } from './protocol.ts';

if (!parentPort) throw new Error('worker.ts runs as a worker thread only');
const port = parentPort;
const worker = new MachineWorker(workerData as WorkerStart, (message, transfer) => port.postMessage(message, transfer));
port.on('message', (message: ToWorker) => worker.receive(message));
await worker.run();
