/** Where a fleet's workflow finds things. */
export type StarterWorkflow = {
  /** The fleet file, seen from the root of the repository. */
  readonly fleetFile: string;
  /** The version of Bulkhead that wrote the workflow. */
  readonly version: string;
  /**
   * What tells it from the workflows of other fleets in the repository, `bulkhead` unless told: two of one name would stop
   * each other's runs, and replace each other's findings and comment.
   */
  readonly name?: string;
};

/** The name of the workflow of the first fleet. */
export const WORKFLOW_NAME = 'bulkhead';

/** As `bulkhead diff` begins what it writes for a comment. */
const COMMENT_MARK = '<!-- bulkhead diff -->';

/**
 * A GitHub Actions workflow that holds a fleet to its contract on each pull request.
 *
 * Actions are GitHub's own and pinned by major tag: whoever could move those tags runs the machine anyway, the job has
 * no secret to lose, and fixes arrive without a commit. Bulkhead itself is checked out by tag and installed by
 * `npm ci`, which takes what its lock file names; it is not installed by name from a registry, where that name is
 * another's.
 */
export function starterWorkflow({ fleetFile, version, name = WORKFLOW_NAME }: StarterWorkflow): string {
  const fleet = fleetScalar(fleetFile);
  const mark = name === WORKFLOW_NAME ? COMMENT_MARK : `<!-- ${name} diff -->`;
  return `# Holds the fleet to its contract on every pull request, and shows what it would be and cost.
name: ${name}

on:
  # Never pull_request_target: that would give a stranger's change a token that can write.
  pull_request:
  push:
    branches: [main]

# Whatever is not granted below.
permissions: {}

concurrency:
  group: ${name}-\${{ github.ref }}
  cancel-in-progress: true

defaults:
  run:
    shell: bash # named, it fails when any part of a pipe does

jobs:
  fleet:
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    permissions:
      contents: read
      security-events: write # the code scanning page
      actions: read # which that page asks for in private repositories
    env:
      # A YAML file, never a TypeScript one: that would run the code of whoever opened the pull request.
      BULKHEAD_NO_CODE: "1"
      FLEET: ${fleet}
    steps:
      # Actions by major tag: these are GitHub's own, and there is no secret here. Name commits if your rules ask for it.
      - uses: actions/checkout@v6
        with:
          persist-credentials: false

${install(version)}
      - name: Contract
        run: node .bulkhead/dist/bin/bulkhead.js check "$FLEET" --format sarif > bulkhead.sarif

      # Findings beside the lines of the pull request. Forks, Dependabot and private repositories without code scanning
      # may not write there: then the plan below tells the same.
      - name: Findings to the code scanning page
        if: \${{ !cancelled() && hashFiles('bulkhead.sarif') != '' }}
        continue-on-error: true
        uses: github/codeql-action/upload-sarif@v4
        with:
          sarif_file: bulkhead.sarif
          category: ${name}

      - name: Plan
        if: \${{ !cancelled() && hashFiles('.bulkhead/dist/bin/bulkhead.js') != '' }}
        run: node .bulkhead/dist/bin/bulkhead.js plan "$FLEET" --format markdown | tee "$GITHUB_STEP_SUMMARY"

  # What the change does to resources, price and findings, as one comment that is kept current.
  diff:
    # A fork's token may not write comments; the plan above tells what there is to tell.
    if: \${{ github.event_name == 'pull_request' && github.event.pull_request.head.repo.full_name == github.repository }}
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    permissions:
      contents: read
      pull-requests: write # the comment
    env:
      BULKHEAD_NO_CODE: "1"
      FLEET: ${fleet}
    steps:
      - uses: actions/checkout@v6
        with:
          fetch-depth: 2 # the merge of the pull request, and what it merges into
          persist-credentials: false

${install(version)}
      - name: Diff
        run: |
          if git cat-file -e "HEAD^1:$FLEET"; then
            # 1 says that there are new findings: the contract above fails for them.
            node .bulkhead/dist/bin/bulkhead.js diff 'HEAD^1' "$FLEET" --format markdown > bulkhead-diff.md || [ $? -eq 1 ]
${markStep(mark)}          fi

      - name: Comment
        if: \${{ hashFiles('bulkhead-diff.md') != '' }}
        env:
          GH_TOKEN: \${{ github.token }}
          COMMENTS: repos/\${{ github.repository }}/issues/\${{ github.event.pull_request.number }}/comments
          REPOSITORY: repos/\${{ github.repository }}
        run: |
          own='.[] | select(.user.login == "github-actions[bot]" and (.body | startswith("${mark}"))) | .id'
          id=$(gh api "$COMMENTS" --paginate --jq "$own" | head -n 1)
          if [ -n "$id" ]; then
            gh api --method PATCH "$REPOSITORY/issues/comments/$id" -F body=@bulkhead-diff.md --silent
          else
            gh api --method POST "$COMMENTS" -F body=@bulkhead-diff.md --silent
          fi
`;
}

/** Whether the text is that of a workflow for this fleet file. */
export function isWorkflowOf(text: string, fleetFile: string): boolean {
  return text.split(/\r?\n/).some((line) => line.trim() === `FLEET: ${fleetScalar(fleetFile)}`);
}

function fleetScalar(fleetFile: string): string {
  return /^[\w./-]+$/.test(fleetFile) ? fleetFile : JSON.stringify(fleetFile);
}

/** Fleets have a comment each, which is found by how it begins. */
function markStep(mark: string): string {
  return mark === COMMENT_MARK ? '' : `            sed -i '1s/^${COMMENT_MARK}/${mark}/' bulkhead-diff.md\n`;
}

/** The steps by which both jobs get Bulkhead. */
function install(version: string): string {
  return `      - name: Bulkhead itself
        uses: actions/checkout@v6
        with:
          repository: acme/bulkhead # replace: your copy of it, readable without a secret
          ref: v${version} # or a commit, which nobody can move
          path: .bulkhead
          persist-credentials: false

      - uses: actions/setup-node@v6
        with:
          node-version: 24

      - name: Install Bulkhead
        working-directory: .bulkhead
        run: npm ci --no-audit --no-fund
`;
}
