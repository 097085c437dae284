// Writes what the program is made of as a CycloneDX 1.6 document, from package-lock.json alone: every package that runs with it, with its hash and its licence.
//
//   node scripts/sbom.mjs [--root FOLDER] > sbom.cdx.json
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const nameOf = path => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);

const purlOf = (name, version) => `pkg:npm/${name.replace('@', '%40')}@${version}`;

/** Where Node would find a package from a folder of the lock file. */
const resolved = (packages, from, name) => {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('node_modules/') - 1))) {
    const path = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    if (packages[path]) return path;
    if (folder === '') return undefined;
  }
};

const hashesOf = integrity =>
  (integrity ?? '')
    .split(' ')
    .filter(each => each.startsWith('sha512-'))
    .map(each => ({ alg: 'SHA-512', content: Buffer.from(each.slice('sha512-'.length), 'base64').toString('hex') }));

const licencesOf = licence =>
  licence === undefined
    ? undefined
    : / (?:OR|AND|WITH) /.test(licence)
      ? [{ expression: licence.replace(/^\((.*)\)$/, '$1') }]
      : [{ license: /^[A-Za-z0-9.+-]+$/.test(licence) ? { id: licence } : { name: licence } }];

/** A lock file (version 3) as a CycloneDX document. The same lock file gives the same bytes: it carries no time, and its serial number is a hash. */
export const sbomOf = lock => {
  const { packages } = lock;
  const root = packages[''];
  const rootRef = purlOf(root.name, root.version);
  const paths = Object.keys(packages)
    .filter(path => path !== '' && packages[path].dev !== true && packages[path].link !== true)
    .sort();
  const refs = new Map(paths.map(path => [path, `${purlOf(nameOf(path), packages[path].version)}#${path}`]));
  const needs = (from, entry) =>
    [...new Set(Object.keys({ ...entry.dependencies, ...entry.optionalDependencies, ...entry.peerDependencies }))]
      .map(name => refs.get(resolved(packages, from, name)))
      .filter(Boolean)
      .sort();
  const components = paths.map(path => {
    const { version, integrity, license, optional, resolved: url } = packages[path];
    const name = nameOf(path);
    const [group, own] = name.startsWith('@') ? name.split('/') : [undefined, name];
    return {
      type: 'library',
      'bom-ref': refs.get(path),
      ...(group && { group }),
      name: own,
      version,
      scope: optional ? 'optional' : 'required',
      ...(integrity && { hashes: hashesOf(integrity) }),
      ...(license && { licenses: licencesOf(license) }),
      purl: purlOf(name, version),
      ...(url && { externalReferences: [{ type: 'distribution', url }] }),
    };
  });
  const digest = createHash('sha256').update(JSON.stringify(components)).digest('hex');
  const uuid = digest.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-5$3-8$4-$5');
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${uuid}`,
    version: 1,
    metadata: {
      component: {
        type: 'application',
        'bom-ref': rootRef,
        name: root.name,
        version: root.version,
        licenses: licencesOf(root.license),
        purl: rootRef,
      },
    },
    components,
    dependencies: [
      { ref: rootRef, dependsOn: needs('', { ...root, peerDependencies: {} }) },
      ...paths.map(path => ({ ref: refs.get(path), dependsOn: needs(path, packages[path]) })),
    ],
  };
};

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const at = process.argv.indexOf('--root');
  const folder = at > 0 ? process.argv[at + 1] : fileURLToPath(new URL('..', import.meta.url));
  process.stdout.write(`${JSON.stringify(sbomOf(JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8'))), undefined, 2)}\n`);
}
