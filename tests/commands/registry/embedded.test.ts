import { registryContract } from '../../contracts/registry.js';
import { embeddedUnderTest } from './registry-under-test.js';

registryContract('a workspace by itself', embeddedUnderTest);
