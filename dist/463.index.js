export const id = 463;
export const ids = [463];
export const modules = {

/***/ 4463:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   GitHub: () => (/* binding */ GitHub)
/* harmony export */ });
/* harmony import */ var _actions_github__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(2413);

/** The door to GitHub's REST API of one repository. */
class GitHub {
    octokit;
    repository;
    constructor(token, repository) {
        this.octokit = (0,_actions_github__WEBPACK_IMPORTED_MODULE_0__/* .getOctokit */ .Q)(token);
        this.repository = repository;
    }
    /** Asks for a path below the repository's. Throws where no answer comes at all. */
    async get(path, accept = 'application/vnd.github+json') {
        try {
            const { status, data } = await this.octokit.request(`GET /repos/${this.repository}/${path}`, {
                headers: { accept },
            });
            return { status, data };
        }
        catch (error) {
            const { status, response } = error;
            if (typeof status !== 'number' || response === undefined)
                throw error;
            return { status, data: response.data };
        }
    }
}


/***/ })

};
