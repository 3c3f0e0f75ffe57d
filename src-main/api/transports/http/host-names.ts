// By which names a server may be called. A page of another site that gets its own name to point here (DNS rebinding) is told
// apart by the name it uses.
import { BlockList, isIP, isIPv6 } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Whether only this computer can reach the address. */
export function isLoopback(address: string): boolean {
  if (address === 'localhost') return true;
  return isIP(address) !== 0 && loopback.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

export function isWildcard(address: string): boolean {
  return /^[0.]+$/.test(address) || /^[0:]+$/.test(address);
}

/** Names and addresses under which a server at `address` can be reached, best first. */
export function namesOf(address: string): string[] {
  if (isLoopback(address)) return unique([address, 'localhost', '127.0.0.1', '::1']);
  const name = hostname().toLowerCase();
  const own = isWildcard(address)
    ? Object.values(networkInterfaces()).flatMap((list) =>
        (list ?? []).filter(({ internal, scopeid }) => !internal && !scopeid).map((found) => found.address),
      )
    : [address];
  return unique([...own, name, `${name.split('.')[0]}.local`, 'localhost', '127.0.0.1', '::1']);
}

/** As in a URL: IPv6 in brackets, without the scheme's own port. */
export function authority(name: string, port: number, isSecure: boolean): string {
  const host = isIPv6(name) ? `[${name}]` : name;
  return port === (isSecure ? 443 : 80) ? host : `${host}:${port}`;
}

function unique(names: string[]): string[] {
  return [...new Set(names)];
}
