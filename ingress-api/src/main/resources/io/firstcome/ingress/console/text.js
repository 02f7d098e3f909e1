export const TEXTS = {
  en: {
    console: 'Console', loading: 'Loading …', unknown: 'unknown', cancel: 'Cancel', dismiss: 'Dismiss', days: 'd',
    language: 'Language', skip: 'Skip to the coupon', save: 'Save',
    signIn: 'Sign in', signOut: 'Sign out', token: 'Admin token',
    tokenHint: 'The value of FIRSTCOME_ADMIN_TOKEN. This tab keeps it until you close the tab.',
    tokenOfUp: './firstcome up writes it to .firstcome/endpoints.properties.',
    tokenWrong: 'The token is not valid.', noConnection: 'The ingress does not answer. Is it running?',
    connected: 'Live', connecting: 'Connecting …', lost: 'Connection lost. Last data {seconds} s ago. Reconnecting …',
    lostFirst: 'The ingress does not answer. Reconnecting …',
    notCurrent: 'This ingress has not read the log up to now. The numbers below may be old.',
    coupons: 'Coupons', newCoupon: 'New coupon', filter: 'Filter by name or id', noCoupons: 'No coupons yet',
    noCouponsHint: 'Create one and let users claim it.', noMatch: 'No coupon matches.', moreCoupons: 'Not listed: {n} more.',
    noneSelected: 'Select a coupon', noneSelectedHint: 'Its stock, outcomes and holders appear here.',
    unknownCoupon: 'Coupon {id} is not known to this ingress.',
    status_OPEN: 'Open', status_SOLD_OUT: 'Sold out', status_SOON: 'Opens later', status_ENDED: 'Ended', status_PAUSED: 'Paused',
    status_CLOSED: 'Closed', status_ARCHIVED: 'Archived',
    remaining: 'Remaining', held: 'Held', issued: 'Issued', revoked: 'Revoked', stock: 'Stock', perUser: 'Per user', version: 'Version',
    reclaim: 'May claim again after a revocation', reclaimYes: 'yes', reclaimNo: 'no',
    opensIn: 'Opens in', closesIn: 'Closes in', openedAt: 'Opens', closesAt: 'Closes',
    barLabel: '{held} of {stock} held, {remaining} remaining',
    pause: 'Pause', resume: 'Resume', restock: 'Restock', revoke: 'Revoke', closeCoupon: 'Close coupon', archive: 'Archive',
    perSecond: 'Decisions per second', perSecondHint: 'last {n} seconds', seconds: '{n} s', now: 'now',
    seriesIssued: 'Issued', seriesRejected: 'Rejected by the log', seriesAnswers: 'Rejections answered by this ingress, all coupons',
    chartLabel: 'Issued per second: {issued}. Rejected by the log per second: {rejected}. Rejections answered by this ingress per second: {answers}.',
    gapHint: 'More outcomes came than this ingress retains. The chart has a gap there.',
    outcomes: 'Latest outcomes', noOutcomes: 'No outcome yet', noOutcomesHint: 'Decisions of the authority appear here.',
    outcome_issued: 'Issued', outcome_rejected: 'Rejected', outcome_revoked: 'Revoked',
    reason_SOLD_OUT: 'sold out', reason_ALREADY_ISSUED: 'already issued', reason_LIMIT_REACHED: 'limit reached', reason_PAUSED: 'paused',
    reason_NOT_STARTED: 'not open yet', reason_ENDED: 'ended', reason_REVOKED: 'revoked', reason_UNKNOWN_COUPON: 'unknown coupon',
    reason_INVALID: 'invalid',
    holders: 'Who holds it', searchBy: 'Search by', byUser: 'User', byRequest: 'Request', search: 'Search', asOf: 'as of {time}',
    searchPlaceholder: 'Id (empty: all)', user: 'User', request: 'Request', time: 'Time', number: 'No.', numberOrReason: 'No. / reason', type: 'Outcome',
    holdersForgotten: 'The coupon is archived: the authority has forgotten its holders. The database has them.',
    noHolders: 'No user holds this coupon.', notHeld: 'User {id} does not hold this coupon.', next: 'Next page', first: 'First page',
    request_PENDING: 'Request {id} is in the log and not decided yet.', request_ISSUED: 'Request {id} was issued the coupon.',
    request_REVOKED: 'Request {id} was issued the coupon, and it was revoked.', request_REJECTED: 'Request {id} was rejected: {reason}.',
    request_NOT_ISSUED: 'No issue has the request {id}. This ingress does not remember the request, so the reason is unknown.',
    request_UNKNOWN: 'Unknown: the list of holders is too long to be searched, and this ingress does not remember request {id}.',
    system: 'System', component_ingress: 'Ingress', component_gate: 'Redis gate', component_log: 'Kafka log',
    component_authority: 'Authority', component_sink: 'Database sink',
    level_UP: 'up', level_DEGRADED: 'degraded', level_DOWN: 'down', level_UNKNOWN: 'unknown', lag: 'lag', stopped: 'stopped partitions: {n}',
    couponCounts: 'Coupons: {total}, open: {open}', countsUnknown: 'Number of coupons unknown',
    createTitle: 'New coupon', id: 'Id', idHint: 'Letters, digits, _ and -. Callers use it in the URL.', name: 'Name',
    stockHint: 'How many pieces users can hold in total, 1 to 1,000,000,000.', opens: 'Opens', closes: 'Closes',
    opensNow: 'now', opensSoon: 'in 10 seconds', opensAt: 'at a time', zone: 'Your time zone: {zone}.', create: 'Create',
    perUserHint: 'How many pieces one user may hold, 1 to 100.', exists: 'A coupon with this id exists. Choose another id.',
    created: 'Coupon {id} was created.', changedExisting: 'Coupon {id} existed already and was changed.',
    badTimes: 'Closing must be after opening.', paused: 'Coupon {id} is paused.', resumed: 'Coupon {id} is open for claims again.',
    restockTitle: 'Change the stock', newStock: 'New stock', restockHint: 'At least {held}: that many are held. Now {stock}.',
    restocked: 'The stock of {id} is now {stock}.', revokeTitle: 'Revoke a coupon', sequence: 'Number',
    sequenceHint: 'Only needed when the user holds several.',
    revokeWarning: 'The user loses the coupon and its place returns to the stock. The number is not given again. This cannot be undone.',
    revokedDone: 'Number {n} of user {user} was revoked.',
    pauseTitle: 'Pause {id}?', pauseWarning: 'All claims are rejected until the coupon is resumed.',
    closeTitle: 'Close {id} for ever?', closeWarning: 'No user can claim this coupon again. Holders keep it. This cannot be undone.',
    closeConfirm: 'Close for ever', closedDone: 'Coupon {id} is closed.',
    archiveTitle: 'Archive {id}?',
    archiveWarning: 'The authority forgets who holds this coupon; the database keeps the list. This cannot be undone.',
    archivedDone: 'Coupon {id} is archived.',
    rush: 'Rush', rushHint: 'Made-up users claim this coupon at the same time, through the callers’ port of this ingress. Every tenth user claims once more than allowed.',
    rushUsers: 'Users', startRush: 'Start the rush', stopRush: 'Stop', rushTitle: 'Let {n} made-up users claim {id}?',
    rushWarning: 'Winners take real pieces of the stock. Only revoking them one by one gives these back.',
    rushNotOffered: 'Not available: callers are users with tokens (FIRSTCOME_AUTH=JWT), and made-up users have none.',
    rushArchived: 'Not available: the coupon is archived, and the authority has forgotten its holders.',
    rushOther: 'The last rush was on coupon {id}.',
    rush_CLAIMING: 'Users are claiming', rush_CHECKING: 'Comparing the answers with the authority', rush_DONE: 'Done',
    answered: 'Answered', rejectedCount: 'Rejected', unanswered: 'Without a final answer', notSent: 'Not sent', retries: 'Repeated after',
    winners: 'Winners', waited: 'Waited', allCallers: 'All', p50: 'p50', p99: 'p99', max: 'max', result: 'Guarantees', duration: 'Duration',
    result_PASS: 'held', result_FAIL: 'VIOLATED', result_UNKNOWN: 'unknown',
    overall_PASS: 'All guarantees held', overall_FAIL: 'A guarantee was violated', overall_UNKNOWN: 'Not every guarantee could be checked',
    guarantee_stock: 'No more holders than stock', guarantee_numbers: 'Numbers without a gap', guarantee_limit: 'No user holds more than allowed',
    guarantee_answers: 'Every answer agrees with the authority',
    held_stock: '{holders} holders, stock {stock}.', held_numbers: '{issues} issues with the numbers 1 to {issues}, none twice.',
    held_limit: 'No user holds more than {perUser}.', held_answers: '{issued} issued and {rejected} rejected claims agree with the authority’s list.',
    showWinners: 'First {n} winners', allWinners: 'All {n} winners', showAllWinners: 'Show all {n}', showMoreWinners: 'Show the first {n}',
    notSentHint: 'The rush was stopped.',
  },
  ko: {
    console: '콘솔', loading: '불러오는 중 …', unknown: '알 수 없음', cancel: '취소', dismiss: '닫기', days: '일',
    language: '언어', skip: '쿠폰으로 건너뛰기', save: '저장',
    signIn: '로그인', signOut: '로그아웃', token: '관리자 토큰',
    tokenHint: 'FIRSTCOME_ADMIN_TOKEN의 값입니다. 이 탭을 닫을 때까지만 보관합니다.',
    tokenOfUp: './firstcome up은 이 값을 .firstcome/endpoints.properties에 기록합니다.',
    tokenWrong: '토큰이 올바르지 않습니다.', noConnection: 'Ingress가 응답하지 않습니다. 실행 중인지 확인하세요.',
    connected: '실시간', connecting: '연결 중 …', lost: '연결이 끊겼습니다. 마지막 데이터: {seconds}초 전. 다시 연결하는 중 …',
    lostFirst: 'Ingress가 응답하지 않습니다. 다시 연결하는 중 …',
    notCurrent: '이 ingress가 로그를 아직 끝까지 읽지 못했습니다. 아래 숫자는 최신이 아닐 수 있습니다.',
    coupons: '쿠폰', newCoupon: '새 쿠폰', filter: '이름 또는 ID로 찾기', noCoupons: '아직 쿠폰이 없습니다',
    noCouponsHint: '쿠폰을 만들고 사용자가 신청하게 하세요.', noMatch: '일치하는 쿠폰이 없습니다.', moreCoupons: '쿠폰 {n}개가 더 있습니다(목록에 없음).',
    noneSelected: '쿠폰을 선택하세요', noneSelectedHint: '재고, 결과, 보유자가 여기에 표시됩니다.',
    unknownCoupon: '이 ingress는 쿠폰 {id}을(를) 알지 못합니다.',
    status_OPEN: '진행 중', status_SOLD_OUT: '매진', status_SOON: '오픈 예정', status_ENDED: '종료', status_PAUSED: '일시 중지',
    status_CLOSED: '마감', status_ARCHIVED: '보관됨',
    remaining: '남음', held: '보유', issued: '발급', revoked: '회수', stock: '재고', perUser: '1인당', version: '버전',
    reclaim: '회수 후 다시 신청 가능', reclaimYes: '예', reclaimNo: '아니요',
    opensIn: '오픈까지', closesIn: '종료까지', openedAt: '오픈', closesAt: '종료',
    barLabel: '{stock}개 중 {held}개 보유, {remaining}개 남음',
    pause: '일시 중지', resume: '재개', restock: '재고 변경', revoke: '회수', closeCoupon: '쿠폰 마감', archive: '보관',
    perSecond: '초당 결정', perSecondHint: '최근 {n}초', seconds: '{n}초', now: '지금',
    seriesIssued: '발급', seriesRejected: '로그에서 거절', seriesAnswers: '이 ingress가 답한 거절(전체 쿠폰)',
    chartLabel: '초당 발급 {issued}. 로그에서 거절 {rejected}. 이 ingress가 답한 거절 {answers}.',
    gapHint: '보관 한도보다 많은 결과가 발생하여 차트에 빈 구간이 있습니다.',
    outcomes: '최근 결과', noOutcomes: '아직 결과가 없습니다', noOutcomesHint: 'Authority의 결정이 여기에 표시됩니다.',
    outcome_issued: '발급', outcome_rejected: '거절', outcome_revoked: '회수',
    reason_SOLD_OUT: '매진', reason_ALREADY_ISSUED: '이미 발급됨', reason_LIMIT_REACHED: '한도 도달', reason_PAUSED: '일시 중지',
    reason_NOT_STARTED: '오픈 전', reason_ENDED: '종료', reason_REVOKED: '회수됨', reason_UNKNOWN_COUPON: '없는 쿠폰', reason_INVALID: '잘못된 요청',
    holders: '보유자', searchBy: '검색 기준', byUser: '사용자', byRequest: '요청', search: '검색', asOf: '{time} 기준',
    searchPlaceholder: 'ID(비우면 전체)', user: '사용자', request: '요청', time: '시각', number: '번호', numberOrReason: '번호 / 이유', type: '결과',
    holdersForgotten: '보관된 쿠폰입니다. Authority에는 보유자 목록이 없고 데이터베이스에 있습니다.',
    noHolders: '보유자가 없습니다.', notHeld: '사용자 {id}은(는) 이 쿠폰을 보유하고 있지 않습니다.', next: '다음 페이지', first: '첫 페이지',
    request_PENDING: '요청 {id}은(는) 로그에 있으며 아직 결정되지 않았습니다.', request_ISSUED: '요청 {id}에 쿠폰이 발급되었습니다.',
    request_REVOKED: '요청 {id}에 발급된 쿠폰이 회수되었습니다.', request_REJECTED: '요청 {id}은(는) 거절되었습니다: {reason}.',
    request_NOT_ISSUED: '요청 {id}의 발급 기록이 없습니다. 이 ingress가 요청을 기억하지 않아 이유는 알 수 없습니다.',
    request_UNKNOWN: '알 수 없음: 보유자 목록이 너무 길고, 이 ingress는 요청 {id}을(를) 기억하지 않습니다.',
    system: '시스템', component_ingress: 'Ingress', component_gate: 'Redis 게이트', component_log: 'Kafka 로그',
    component_authority: 'Authority', component_sink: 'DB 저장(sink)',
    level_UP: '정상', level_DEGRADED: '일부 장애', level_DOWN: '중단', level_UNKNOWN: '알 수 없음', lag: '지연', stopped: '파티션 {n}개 중지됨',
    couponCounts: '쿠폰 {total}개, 진행 중 {open}개', countsUnknown: '쿠폰 수를 알 수 없음',
    createTitle: '새 쿠폰', id: 'ID', idHint: '영문자, 숫자, _, -. 호출자가 URL에 사용합니다.', name: '이름',
    stockHint: '사용자가 보유할 수 있는 총 수량, 1 ~ 1,000,000,000.', opens: '오픈', closes: '종료',
    opensNow: '지금', opensSoon: '10초 후', opensAt: '시각 지정', zone: '현재 시간대: {zone}.', create: '만들기',
    perUserHint: '한 사용자가 보유할 수 있는 수량, 1 ~ 100.', exists: '같은 ID의 쿠폰이 있습니다. 다른 ID를 입력하세요.',
    created: '쿠폰 {id}을(를) 만들었습니다.', changedExisting: '쿠폰 {id}이(가) 이미 있어 변경되었습니다.',
    badTimes: '종료는 오픈보다 늦어야 합니다.', paused: '쿠폰 {id}을(를) 일시 중지했습니다.', resumed: '쿠폰 {id}의 신청을 다시 받습니다.',
    restockTitle: '재고 변경', newStock: '새 재고', restockHint: '최소 {held}개(현재 보유 수량). 현재 재고 {stock}개.',
    restocked: '쿠폰 {id}의 재고는 이제 {stock}개입니다.', revokeTitle: '쿠폰 회수', sequence: '번호',
    sequenceHint: '사용자가 여러 개를 보유한 경우에만 필요합니다.',
    revokeWarning: '사용자는 쿠폰을 잃고 자리는 재고로 돌아갑니다. 번호는 다시 발급되지 않습니다. 되돌릴 수 없습니다.',
    revokedDone: '사용자 {user}의 {n}번 쿠폰을 회수했습니다.',
    pauseTitle: '{id}을(를) 일시 중지할까요?', pauseWarning: '재개할 때까지 모든 신청이 거절됩니다.',
    closeTitle: '{id}을(를) 영구 마감할까요?', closeWarning: '더 이상 아무도 신청할 수 없습니다. 보유자는 유지됩니다. 되돌릴 수 없습니다.',
    closeConfirm: '영구 마감', closedDone: '쿠폰 {id}을(를) 마감했습니다.',
    archiveTitle: '{id}을(를) 보관할까요?',
    archiveWarning: 'Authority가 보유자 목록을 잊습니다. 데이터베이스에는 남습니다. 되돌릴 수 없습니다.',
    archivedDone: '쿠폰 {id}을(를) 보관했습니다.',
    rush: '러시', rushHint: '가상의 사용자들이 이 ingress의 호출자 포트로 동시에 신청합니다. 열 명 중 한 명은 한도보다 한 번 더 신청합니다.',
    rushUsers: '사용자 수', startRush: '러시 시작', stopRush: '중지', rushTitle: '가상의 사용자 {n}명이 {id}을(를) 신청하게 할까요?',
    rushWarning: '당첨자는 실제 재고를 가져갑니다. 하나씩 회수해야만 되돌릴 수 있습니다.',
    rushNotOffered: '사용할 수 없음: 호출자가 토큰을 가진 사용자이며(FIRSTCOME_AUTH=JWT) 가상의 사용자에게는 토큰이 없습니다.',
    rushArchived: '사용할 수 없음: 보관된 쿠폰이며 authority는 보유자 목록을 더 이상 가지고 있지 않습니다.',
    rushOther: '마지막 러시는 쿠폰 {id}에서 실행되었습니다.',
    rush_CLAIMING: '신청 중', rush_CHECKING: '답변을 authority와 비교하는 중', rush_DONE: '완료',
    answered: '답변됨', rejectedCount: '거절', unanswered: '최종 답변 없음', notSent: '보내지 않음', retries: '재시도 이유',
    winners: '당첨자', waited: '대기 시간', allCallers: '전체', p50: 'p50', p99: 'p99', max: '최대', result: '보장', duration: '소요 시간',
    result_PASS: '지켜짐', result_FAIL: '위반', result_UNKNOWN: '알 수 없음',
    overall_PASS: '모든 보장이 지켜졌습니다', overall_FAIL: '보장이 위반되었습니다', overall_UNKNOWN: '일부 보장을 확인할 수 없었습니다',
    guarantee_stock: '보유자 수 ≤ 재고', guarantee_numbers: '번호에 빈틈 없음', guarantee_limit: '한도를 넘는 사용자 없음',
    guarantee_answers: '모든 답변이 authority와 일치',
    held_stock: '보유자 {holders}명, 재고 {stock}개.', held_numbers: '번호 1부터 {issues}까지 발급 {issues}건, 중복 없음.',
    held_limit: '{perUser}개를 넘게 보유한 사용자가 없습니다.', held_answers: '발급 {issued}건과 거절 {rejected}건이 authority의 목록과 일치합니다.',
    showWinners: '처음 {n}명의 당첨자', allWinners: '당첨자 전체 {n}명', showAllWinners: '{n}명 모두 보기', showMoreWinners: '처음 {n}명 보기',
    notSentHint: '러시가 중지되었습니다.',
  },
};

/** Korean texts of the problems that operators meet; the others are shown as the server words them. */
const PROBLEMS_KO = {
  'stock-below-issued': '재고가 현재 보유 수량보다 작습니다.', 'coupon-closed': '마감된 쿠폰은 변경할 수 없습니다.',
  'not-ended': '아직 종료되지 않은 쿠폰입니다.', 'unknown-coupon': '쿠폰이 없습니다.', 'no-such-issue': '사용자가 이 쿠폰을 보유하고 있지 않습니다.',
  'sequence-required': '사용자가 여러 개를 보유하고 있습니다. 번호를 입력하세요.', 'rate-limited': '요청이 너무 많습니다. 잠시 후 다시 시도하세요.',
  unavailable: '지금은 응답할 수 없습니다. 다시 시도하세요.', 'outcome-unknown': '결과를 알 수 없습니다. 적용되었을 수도 있습니다. 다시 시도해도 안전합니다.',
  overloaded: '처리 중인 요청이 너무 많습니다.', 'invalid-request': '요청이 올바르지 않습니다({field}).',
};

const STORED = 'firstcome-language';

let current = sessionStorage.getItem(STORED) ?? (navigator.language.toLowerCase().startsWith('ko') ? 'ko' : 'en');

export function language() {
  return current;
}

export function setLanguage(next) {
  current = next;
  sessionStorage.setItem(STORED, next);
}

export function t(key, values = {}) {
  const text = TEXTS[current][key] ?? TEXTS.en[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? `{${name}}`);
}

/** Whether there is a text, for keys that the server names. */
export function has(key) {
  return key in TEXTS.en;
}

/** The text of an error answer. */
export function problemText(status, problem) {
  if (status === 401) {
    return t('tokenWrong');
  }
  const name = String(problem.type ?? '').split(':').pop();
  if (current === 'ko' && PROBLEMS_KO[name]) {
    return PROBLEMS_KO[name].replace('{field}', problem.field ?? '');
  }
  const text = [problem.title, problem.detail].filter(Boolean).join(' ');
  return text || `HTTP ${status}`;
}
