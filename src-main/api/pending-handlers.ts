// Methods of the contract that are just being built.
import { OspiteError } from '../core/errors.ts';

const refuse = (): never => {
  throw new OspiteError('feature.unavailable', 'This is just being built');
};
export const pendingHandlers = {
  'host.doctor': refuse,
  'host.openWindow': refuse,
  'host.serve': refuse,
  'host.shutDown': refuse,
};
