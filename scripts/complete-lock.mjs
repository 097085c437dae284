// Completes package-lock.json with the optional packages of other platforms. A registry mirror may carry the binaries of one platform only; `npm install` then leaves the others out
// of the lock file and `npm ci` refuses it everywhere. Their versions are stated by the packages that ask for them; what platform they are for is in their names.
import { readFileSync, writeFileSync } from 'node:fs';

const OS = ['android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'aix', 'win32'];
const CPU = ['arm64', 'arm', 'x64', 'ia32', 'ppc64', 'riscv64', 's390x', 'loong64', 'mips64el', 'wasm32'];

const path = 'package-lock.json';
const lock = JSON.parse(readFileSync(path, 'utf8'));
const words = name => name.split('/').pop().split(/[-_.]/);

let added = 0;
for (const [, entry] of Object.entries(lock.packages))
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const key = `node_modules/${name}`;
    if (lock.packages[key] || !/^\d/.test(version)) continue;
    const parts = words(name);
    const os = parts.filter(word => OS.includes(word));
    const cpu = CPU.filter(word => parts.includes(word) || (word === 'arm' && parts.some(part => /^arm(v[67]|v7l)?$/.test(part)))).slice(
      0,
      1,
    );
    if (cpu.length === 0) continue;
    const libc =
      parts.includes('musl') || parts.includes('musleabihf') ? ['musl'] : parts.some(part => part.startsWith('gnu')) ? ['glibc'] : [];
    lock.packages[key] = {
      version,
      cpu,
      ...(libc.length > 0 ? { libc } : {}),
      ...(entry.dev ? { dev: true } : {}),
      optional: true,
      ...(os.length > 0 ? { os } : {}),
    };
    added++;
  }
const [root, ...rest] = Object.entries(lock.packages);
lock.packages = Object.fromEntries([root, ...rest.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))]);
writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${added} optional packages of other platforms added to ${path}`);
