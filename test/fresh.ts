/** Before each file of tests: files share a process, and what one of them set for all properties is not for the next. */
import { resetConfigureGlobal } from 'fast-check';

resetConfigureGlobal();
