export const id = 397;
export const ids = [397];
export const modules = {

/***/ 2397:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   readBase: () => (/* binding */ readBase)
/* harmony export */ });
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3024);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(6760);
/* harmony import */ var _resources_text_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(7999);



/** GitHub tells at most so many files of a comparison. */
const MOST_FILES = 300;
/**
 * Reads a file of the repository as it was before the pull request (or the merge group) of an event; null on other events.
 * `root` is the folder of the checkout, `file` the path in it, with `/`. Where it can't be had, a sentence says why.
 */
async function readBase(github, event, root, file) {
    if (event.pullRequest === null && event.mergeGroupBase === null)
        return null;
    try {
        const head = checkedOut(root) ?? event.sha;
        const commit = await baseCommit(github, event, head);
        const text = await fileAt(github, commit, file);
        if (text !== null)
            return { commit, text, file };
        const former = await formerPath(github, commit, head, file);
        return { commit, text: former === null ? null : await fileAt(github, commit, former), file: former ?? file };
    }
    catch (error) {
        const reason = error instanceof Refused ? error.message : 'GitHub could not be reached';
        return `What the file said before this change could not be read: ${reason}.`;
    }
}
/** Why GitHub did not tell, as a clause. */
class Refused extends Error {
}
/**
 * The commit that the pull request is merged onto. A checkout has by default GitHub's merge of the pull request into its
 * base, whose first parent is just that; the event's own base goes stale.
 */
async function baseCommit(github, event, head) {
    if (event.mergeGroupBase !== null)
        return event.mergeGroupBase;
    if (head === event.sha && event.isMergeOfPullRequest) {
        const { parents } = (await asked(github, `commits/${(0,_resources_text_js__WEBPACK_IMPORTED_MODULE_2__/* .addressPart */ .YC)(head)}`));
        return known(parents?.[0]?.sha);
    }
    const branch = event.pullRequest?.base ?? '';
    const range = `${(0,_resources_text_js__WEBPACK_IMPORTED_MODULE_2__/* .addressPart */ .YC)(branch)}...${(0,_resources_text_js__WEBPACK_IMPORTED_MODULE_2__/* .addressPart */ .YC)(head)}`;
    const { merge_base_commit: base } = (await asked(github, `compare/${range}?per_page=1`));
    return known(base?.sha);
}
function known(commit) {
    if (commit !== undefined && /^[0-9a-f]{40,64}$/.test(commit))
        return commit;
    throw new Refused('GitHub did not name the commit that it is merged onto');
}
async function fileAt(github, commit, file) {
    const address = `contents/${file.split('/').map(_resources_text_js__WEBPACK_IMPORTED_MODULE_2__/* .addressPart */ .YC).join('/')}?ref=${commit}`;
    const { status, data } = await github.get(address, 'application/vnd.github.raw+json');
    if (status === 404)
        return null;
    if (status === 200)
        return typeof data === 'string' ? data : Buffer.from(data).toString('utf8');
    throw refused(status);
}
/** The path of a file before it was renamed, or null where it was not. */
async function formerPath(github, base, head, file) {
    const { files = [] } = (await asked(github, `compare/${base}...${(0,_resources_text_js__WEBPACK_IMPORTED_MODULE_2__/* .addressPart */ .YC)(head)}?per_page=1`));
    const renamed = files.find(({ filename }) => filename === file);
    if (renamed === undefined && files.length >= MOST_FILES)
        throw new Refused(`more than ${MOST_FILES} files change, so GitHub does not tell whether it was renamed`);
    return renamed?.previous_filename ?? null;
}
async function asked(github, address) {
    const { status, data } = await github.get(address);
    if (status === 200)
        return data ?? {};
    throw refused(status);
}
function refused(status) {
    const hint = [401, 403, 404].includes(status) ? ', and the job needs the permission contents: read' : '';
    return new Refused(`GitHub answered with status ${status}${hint}`);
}
/** The commit that is checked out, or null where no `.git` tells it (a checkout without git has none). */
function checkedOut(root) {
    try {
        const git = gitFolder(node_path__WEBPACK_IMPORTED_MODULE_1__.join(root, '.git'));
        const head = (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.readFileSync)(node_path__WEBPACK_IMPORTED_MODULE_1__.join(git, 'HEAD'), 'utf8').trim();
        const branch = /^ref: (refs\/.+)$/.exec(head)?.[1];
        const commit = branch === undefined ? head : commitOf(git, branch);
        return commit !== null && /^[0-9a-f]{40,64}$/.test(commit) ? commit : null;
    }
    catch {
        return null;
    }
}
/** `.git` itself, or where it says that it lies, as in a worktree. */
function gitFolder(git) {
    if ((0,node_fs__WEBPACK_IMPORTED_MODULE_0__.statSync)(git).isDirectory())
        return git;
    return node_path__WEBPACK_IMPORTED_MODULE_1__.resolve(node_path__WEBPACK_IMPORTED_MODULE_1__.dirname(git), (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.readFileSync)(git, 'utf8')
        .replace(/^gitdir: /, '')
        .trim());
}
function commitOf(git, branch) {
    try {
        return (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.readFileSync)(node_path__WEBPACK_IMPORTED_MODULE_1__.join(git, ...branch.split('/')), 'utf8').trim();
    }
    catch {
        const packed = (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.readFileSync)(node_path__WEBPACK_IMPORTED_MODULE_1__.join(git, 'packed-refs'), 'utf8').split('\n');
        return packed.find((line) => line.endsWith(` ${branch}`))?.split(' ')[0] ?? null;
    }
}


/***/ })

};
