export const id = 636;
export const ids = [636];
export const modules = {

/***/ 5636:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  readEvent: () => (/* binding */ readEvent)
});

// EXTERNAL MODULE: ./node_modules/@actions/github/lib/github.js + 22 modules
var github = __webpack_require__(2413);
// EXTERNAL MODULE: ./build/text.js
var build_text = __webpack_require__(977);
// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(3024);
;// CONCATENATED MODULE: ./build/github/visibility.js

/** Who can read what a workflow prints. Without GitHub's own package, so that the command line starts without it. */
/** Whether the payload of an event says that its repository is not public. */
function isPrivate(payload) {
    return payload.repository?.private === true;
}
/** Whether this process runs in a workflow of GitHub. */
function isInWorkflow() {
    return process.env.GITHUB_ACTIONS === 'true';
}
/** Whether this process runs in a workflow of a repository that is known not to be public. */
function isInPrivateWorkflow() {
    if (!isInWorkflow())
        return false;
    try {
        return isPrivate(JSON.parse(readFileSync(process.env.GITHUB_EVENT_PATH ?? '', 'utf8')) ?? {});
    }
    catch {
        return false;
    }
}
/** Whether this process runs in a workflow whose log anybody can read, as far as is known. */
function hasOpenLog() {
    return isInWorkflow() && !isInPrivateWorkflow();
}

;// CONCATENATED MODULE: ./build/github/event.js



/** Reads the event that the runner describes. */
function readEvent() {
    const { payload, eventName, actor, sha = '', ref = '', serverUrl, workflow } = github.context;
    const repository = process.env.GITHUB_REPOSITORY ?? null;
    const ours = event_text(payload.repository?.full_name) ?? repository;
    const isOurs = (name) => name.toLowerCase() === ours?.toLowerCase();
    const pullRequest = record(payload.pull_request);
    const head = record(pullRequest.head);
    const from = event_text(record(head.repo).full_name);
    const [number, base] = [pullRequest.number, event_text(record(pullRequest.base).ref)];
    const commit = event_text(head.sha) ?? (sha === '' ? null : sha);
    return {
        name: eventName ?? '',
        commit,
        fromFork: from !== null && ours !== null && !isOurs(from),
        headIsGone: head.repo === null,
        followed: eventName === 'workflow_run' ? followed(record(payload.workflow_run), isOurs) : null,
        byDependabot: [actor, record(pullRequest.user).login].includes('dependabot[bot]'),
        sha,
        isMergeOfPullRequest: /^refs\/pull\/\d+\/merge$/.test(ref),
        pullRequest: typeof number !== 'number' || base === null ? null : { number, base },
        mergeGroupBase: event_text(record(payload.merge_group).base_sha),
        isPrivate: isPrivate(payload),
        repository,
        // A schedule runs on the default branch only.
        onDefaultBranch: eventName === 'schedule' || ref === `refs/heads/${payload.repository?.default_branch}`,
        workflow: workflow ?? '',
        lineUrl(path, line) {
            // A fork's commit is not in this repository's pages until GitHub has fetched it; it shows commits of pull requests too.
            if (repository === null || commit === null)
                return null;
            const encoded = path.split('/').map(build_text/* addressPart */.YC).join('/');
            return `${serverUrl}/${repository}/blob/${commit}/${encoded}#L${line}`;
        },
    };
}
function followed(run, isOurs) {
    const from = event_text(record(run.head_repository).full_name);
    return { event: event_text(run.event) ?? '', from, isOwn: from !== null && isOurs(from), sha: event_text(run.head_sha) };
}
function record(value) {
    return typeof value === 'object' && value !== null ? value : {};
}
function event_text(value) {
    return typeof value === 'string' && value !== '' ? value : null;
}


/***/ })

};
