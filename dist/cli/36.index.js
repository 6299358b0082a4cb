export const id = 36;
export const ids = [36];
export const modules = {

/***/ 36:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   watchFiles: () => (/* binding */ watchFiles)
/* harmony export */ });
/* harmony import */ var node_events__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8474);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(6760);
/* harmony import */ var chokidar__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(4357);
/* harmony import */ var _config_glob_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(7597);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(9473);
/* harmony import */ var _text_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(977);






/** An editor may write a file in several steps: it is read when its size has rested this long. */
const SETTLED_MS = 50;
/**
 * Does some work now, and again whenever a file that paths and globs name changes, is replaced, comes or goes; until the
 * signal, or until nobody reads standard output any more. Gives what the work gave last.
 */
async function watchFiles(patterns, signal, work) {
    const isWanted = await (0,_config_glob_js__WEBPACK_IMPORTED_MODULE_2__/* .matcher */ .jN)(patterns, '.');
    const places = patterns.map(_config_glob_js__WEBPACK_IMPORTED_MODULE_2__/* .folderOf */ .yS);
    const isHidden = (name) => places.every((place) => !mayLead(node_path__WEBPACK_IMPORTED_MODULE_1__.relative(place.folder, name), place.isDeep));
    // A folder tells of a file that is replaced by another, which a watch on the file itself loses.
    const watcher = (0,chokidar__WEBPACK_IMPORTED_MODULE_5__/* .watch */ .wB)(places.map(({ folder }) => folder), {
        ignoreInitial: true,
        ignored: (name, stats) => !isWanted(name) && (stats?.isFile() === true || isHidden(name)),
        awaitWriteFinish: { stabilityThreshold: SETTLED_MS, pollInterval: SETTLED_MS / 5 },
    });
    try {
        await (0,node_events__WEBPACK_IMPORTED_MODULE_0__.once)(watcher, 'ready');
        const ended = AbortSignal.any([signal, unread(process.stdout)]);
        let code = 0;
        let isDue = true;
        watcher.on('all', (_event, name) => {
            isDue ||= isWanted(name);
        });
        while (!ended.aborted) {
            if (isDue) {
                isDue = false;
                code = await work();
            }
            else
                await (0,node_events__WEBPACK_IMPORTED_MODULE_0__.once)(watcher, 'all', { signal: ended }).catch(unlessAborted);
        }
        return code;
    }
    catch (cause) {
        const { code } = cause;
        if (cause instanceof _errors_js__WEBPACK_IMPORTED_MODULE_3__/* .CheckError */ .t || code === undefined)
            throw cause;
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_3__/* .CheckError */ .t(`${patterns.map(_text_js__WEBPACK_IMPORTED_MODULE_4__/* .bare */ .$B).join(', ')} can't be watched (${code}).`, 'Leave --watch out, or let the system watch more files.', { cause });
    }
    finally {
        await watcher.close();
    }
}
/** Whether a path below a place is the place itself, or a folder in which a glob goes on. */
function mayLead(relative, isDeep) {
    return relative === '' || (isDeep && relative.split(node_path__WEBPACK_IMPORTED_MODULE_1__.sep).every((step) => !/^(?:\..*|node_modules)$/.test(step)));
}
function unlessAborted(error) {
    if (error.name !== 'AbortError')
        throw error;
}
/** Aborted when the reader of a stream is gone. */
function unread(stream) {
    const controller = new AbortController();
    stream.once('error', () => controller.abort());
    return controller.signal;
}


/***/ })

};
