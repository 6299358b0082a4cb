/** Before each file of tests: files share a process, and what one of them set or counted is not for the next. */
import { resetConfigureGlobal } from 'fast-check';
import { countFrom } from './kinds/raw.ts';

resetConfigureGlobal();
countFrom(0);
