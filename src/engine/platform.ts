/** Name and version of the platform, as manifests carry it; a test holds it equal to package.json. */
export const PLATFORM = 'quantai-trad@0.1.0';
