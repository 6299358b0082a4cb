#!/usr/bin/env node
import { commandLine } from '../programs.js';
await commandLine();
