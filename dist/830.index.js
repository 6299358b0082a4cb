export const id = 830;
export const ids = [830];
export const modules = {

/***/ 6830:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   readEvent: () => (/* binding */ readEvent)
/* harmony export */ });
/* harmony import */ var _actions_github__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(2413);
/* harmony import */ var _resources_text_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(7999);


/** Reads the event that the runner describes. */
function readEvent() {
    const { payload, eventName, actor, sha = '', ref = '', serverUrl, workflow } = _actions_github__WEBPACK_IMPORTED_MODULE_0__.context;
    const { pull_request: pullRequest } = payload;
    const commit = pullRequest?.head?.sha ?? (sha === '' ? null : sha);
    const repository = process.env.GITHUB_REPOSITORY ?? null;
    const base = pullRequest?.base?.ref;
    const mergeGroup = payload.merge_group;
    const head = pullRequest?.head?.repo;
    return {
        name: eventName ?? '',
        commit,
        fromFork: pullRequest !== undefined && head?.full_name !== (payload.repository?.full_name ?? repository),
        byDependabot: [actor, pullRequest?.user?.login].includes('dependabot[bot]'),
        sha,
        isMergeOfPullRequest: /^refs\/pull\/\d+\/merge$/.test(ref),
        pullRequest: pullRequest === undefined || base === undefined ? null : { number: pullRequest.number, base },
        mergeGroupBase: mergeGroup?.base_sha ?? null,
        isPrivate: payload.repository?.private === true,
        repository,
        // A schedule runs on the default branch only.
        onDefaultBranch: eventName === 'schedule' || ref === `refs/heads/${payload.repository?.default_branch}`,
        workflow: workflow ?? '',
        lineUrl(path, line) {
            // A fork's commit is not in this repository's pages until GitHub has fetched it; it shows commits of pull requests too.
            if (repository === null || commit === null)
                return null;
            const encoded = path.split('/').map(_resources_text_js__WEBPACK_IMPORTED_MODULE_1__/* .addressPart */ .YC).join('/');
            return `${serverUrl}/${repository}/blob/${commit}/${encoded}#L${line}`;
        },
    };
}


/***/ })

};
