package io.firstcome.standalone.plan;

import static io.firstcome.standalone.plan.CapacityFormulas.COMMANDS_HOURS;
import static io.firstcome.standalone.plan.CapacityFormulas.ROW_BYTES;
import static io.firstcome.standalone.plan.CapacityFormulas.STORE_BYTES;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a sale needs.
 *
 * @param quantities in the order in which they are calculated
 * @param limits what limits the sale, and what the plan does not know, in sentences
 */
record CapacityPlan(Forecast forecast, MeasuredFigures measured, List<Quantity> quantities, List<String> limits) {

    /** Defaults of the ingress's settings; beyond them a plan names the setting to raise. */
    static final Map<String, Integer> DEFAULTS = Map.of("FIRSTCOME_CLAIMS_IN_FLIGHT_MAX", 5_000,
            "FIRSTCOME_PASS_THROUGH_PER_SECOND", 2_000, "FIRSTCOME_REQUESTS_MAX", 200_000, "FIRSTCOME_HOLDERS_MAX",
            5_000_000, "FIRSTCOME_RESERVATION_MS", 12_000, "FIRSTCOME_REQUESTS_RETENTION_MS", 600_000,
            "FIRSTCOME_HTTP_CONNECTIONS_MAX", 20_000);

    /** What an empty {@code FIRSTCOME_STOCK_WAITERS_MAX} means beside the other defaults. */
    static final int STOCK_WAITERS_MAX = 5_556;

    private static final double CLAIMS_IN_FLIGHT_MAX = DEFAULTS.get("FIRSTCOME_CLAIMS_IN_FLIGHT_MAX");
    private static final double CONNECTIONS_MAX = DEFAULTS.get("FIRSTCOME_HTTP_CONNECTIONS_MAX");
    private static final double PASS_THROUGH_PER_SECOND = DEFAULTS.get("FIRSTCOME_PASS_THROUGH_PER_SECOND");
    private static final double REQUESTS_MAX = DEFAULTS.get("FIRSTCOME_REQUESTS_MAX");
    private static final double HOLDERS_MAX = DEFAULTS.get("FIRSTCOME_HOLDERS_MAX");
    private static final double RESERVATION_SECONDS = DEFAULTS.get("FIRSTCOME_RESERVATION_MS") / 1_000.0;
    private static final double REQUESTS_RETENTION_SECONDS = DEFAULTS.get("FIRSTCOME_REQUESTS_RETENTION_MS") / 1_000.0;
    /** The part of an ingress's waiters for stock that one coupon takes at most. */
    private static final double WAITERS_OF_ONE_COUPON = 0.9;
    /** The longest {@code Prefer: wait}. */
    private static final double WAIT_SECONDS = 30;

    /** The plan for a sale. */
    static CapacityPlan of(Forecast sale, MeasuredFigures measured) {
        return new Calculation(sale, measured).plan();
    }

    private static final class Calculation {

        private final Forecast sale;
        private final MeasuredFigures published;
        private final MeasuredFigures measured;
        private final List<Quantity> quantities = new ArrayList<>();
        private final List<String> limits = new ArrayList<>();

        private final double claims;
        private final double issues;
        private final double perSecond;
        private final double admitted;
        private final double threads;
        private final double decided;
        private final double arrivalSeconds;
        private final double decisionSeconds;
        private final double undecided;
        private final double asking;
        private final double reading;

        Calculation(Forecast sale, MeasuredFigures published) {
            this.sale = sale;
            this.published = published;
            measured = published.forCoupons(sale.coupons());
            claims = (double) sale.users() * sale.perUser();
            issues = Math.min(claims, sale.stock());
            perSecond = CapacityFormulas.claimsPerSecond(claims, sale.seconds());
            admitted = CapacityFormulas.admittedPerSecond(perSecond, issues);
            threads = CapacityFormulas.busyThreads(admitted, measured.decisionsPerSecond(), sale.utilisation(),
                    sale.coupons());
            decided = CapacityFormulas.decidedPerSecond(admitted, threads, measured.decisionsPerSecond());
            arrivalSeconds = issues / admitted;
            decisionSeconds = issues / decided;
            undecided = CapacityFormulas.undecidedMax(issues, admitted, decided);
            asking = CapacityFormulas.askingClaims(claims - issues, perSecond,
                    decisionSeconds - arrivalSeconds + measured.decisionMillis() / 1_000);
            reading = CapacityFormulas.readingCores(admitted, decided, measured);
        }

        CapacityPlan plan() {
            sale();
            double authorities = authority();
            double gates = gate();
            double ingresses = ingress();
            double sinks = sink();
            double brokers = kafka(ingresses, gates);
            double cores = (ingresses + authorities + sinks + brokers) * sale.cores();
            add("cores", "processors of services and brokers", cores, "",
                    "instances and brokers × %d processors each", sale.cores());
            double work = CapacityFormulas.workSeconds(issues, asking, claims - issues - asking,
                    measured.rates().decisions512(), cores, measured);
            add("workSeconds", "the processors work for", work, "s",
                    "(issues ÷ %s + asking claims ÷ %s + other claims ÷ %s) × %d ÷ processors",
                    number(measured.rates().decisions512()), number(measured.askedPerSecond()),
                    number(measured.rates().soldOut()), measured.cores());
            double answered = Math.max(Math.max(sale.seconds(), decisionSeconds), work)
                    + measured.decisionMillis() / 1_000;
            add("answeredSeconds", "all users are answered after", answered, "s",
                    "the longest of arrival, decisions and work, and %s for the last decision",
                    seconds(measured.decisionMillis() / 1_000));
            limits(answered, gates, ingresses);
            return new CapacityPlan(sale, published, List.copyOf(quantities), List.copyOf(limits));
        }

        private void sale() {
            add("claimsPerSecond", "claims per second", perSecond, "/s",
                    "users × claims per user ÷ seconds (at least 1)");
            add("issues", "issues", issues, "", "the smaller of claims and stock");
            add("admittedPerSecond", "claims to the log, first second", admitted, "/s",
                    "the smaller of claims per second and issues; the gate keeps the rest from the log");
        }

        private double authority() {
            add("decidedPerSecond", "decisions per second", decided, "/s",
                    "claims to the log, at most busy stream threads × %s", number(measured.decisionsPerSecond()));
            add("decisionSeconds", "the stock of the hottest coupon is decided after", decisionSeconds, "s",
                    "issues ÷ decisions per second");
            add("undecided", "claims that wait for their decision, at most", undecided, "",
                    "issues × (1 − decisions per second ÷ claims to the log)");
            double partitions = CapacityFormulas.partitions(threads);
            add("partitions", "partitions (fixed for ever)", partitions, "",
                    "2 × busy stream threads, at least 6: coupons spread unevenly");
            add("streamThreads", "busy stream threads", threads, "",
                    "claims to the log ÷ (%s × utilisation), at most one for each coupon",
                    number(measured.decisionsPerSecond()));
            double instances = Math.max(2, Math.ceil(threads / sale.cores()));
            add("authorityInstances", "streams-processor instances", instances, "",
                    "stream threads ÷ processors each, at least 2; one of them may fail");
            add("authorityDisk", "disk of the authority's stores", STORE_BYTES * issues * sale.salesPerDay() * 31, "B",
                    "%s a holder, for 31 days, until the coupon is archived", number(STORE_BYTES) + " B");
            return instances;
        }

        private double gate() {
            double gates = Math.ceil(perSecond / (measured.gateClaimsPerSecond() * sale.utilisation()));
            add("redisServers", "Redis servers, each with its own ingresses", gates, "",
                    "claims per second ÷ (%s × utilisation)", number(measured.gateClaimsPerSecond()));
            add("redisMemory", "memory of each Redis server",
                    CapacityFormulas.redisBytes(issues * sale.salesPerDay(), undecided), "B",
                    "2 × (issues of a day × %s B + waiting claims × %s B)", number(CapacityFormulas.HOLDER_BYTES),
                    number(CapacityFormulas.RESERVATION_BYTES));
            return gates;
        }

        private double ingress() {
            double cores = CapacityFormulas.ingressCores(admitted, perSecond - admitted, measured);
            double instances = CapacityFormulas.ingressInstances(cores, reading, sale.cores(), sale.utilisation());
            add("askingClaims", "claims rejected before the sell-out is known", asking, "",
                    "claims per second × (time to decide − time to reserve + %s), at most all that are rejected",
                    seconds(measured.decisionMillis() / 1_000));
            add("ingressCores", "processors for the ingresses, first second", cores, "",
                    "claims to the log × %s µs × %s + other claims × %s µs, which ask the gate once",
                    number(measured.micros().issued()), number(CapacityFormulas.INGRESS_PART),
                    number(measured.askedMicros()));
            add("ingressReads", "records that each ingress reads", admitted + decided, "/s",
                    "claims to the log + decisions per second");
            add("readingCores", "processors of each ingress to read them, at most", reading, "",
                    "records × %s µs", number(CapacityFormulas.readMicros(measured)));
            add("ingressInstances", "ingress-api instances", instances, "",
                    "processors ÷ (%d each × utilisation − those to read, at most half), at least 2", sale.cores());
            double remembered = Math.min(issues, admitted * REQUESTS_RETENTION_SECONDS);
            add("ingressMemory", "memory of each ingress for this sale",
                    remembered * CapacityFormulas.REQUEST_BYTES + issues * CapacityFormulas.CACHED_HOLDER_BYTES, "B",
                    "claims of ten minutes × %s B + issues × %s B", number(CapacityFormulas.REQUEST_BYTES),
                    number(CapacityFormulas.CACHED_HOLDER_BYTES));
            return instances;
        }

        private double sink() {
            double instances = Math.min(CapacityFormulas.partitions(threads), CapacityFormulas
                    .instances(CapacityFormulas.sinkCores(decided, measured), sale.cores(), sale.utilisation()));
            add("sinkInstances", "db-sink instances", instances, "",
                    "decisions per second × %s µs × %s ÷ (%d processors × utilisation), at least 2",
                    number(measured.micros().issued()), number(CapacityFormulas.SINK_PART), sale.cores());
            add("rowsPerSecond", "MySQL rows per second", Math.min(decided, measured.rowsPerSecond()), "/s",
                    "decisions per second, at most %s into one server", number(measured.rowsPerSecond()));
            add("storedSeconds", "every row is stored after", issues / Math.min(decided, measured.rowsPerSecond()), "s",
                    "issues ÷ rows per second");
            add("mysqlDisk", "MySQL disk for each day of sales", ROW_BYTES * issues * sale.salesPerDay(), "B",
                    "issues × %s B × sales per day; rows are kept for good", number(ROW_BYTES));
            return instances;
        }

        private double kafka(double ingresses, double gates) {
            int message = sale.messageBytes();
            double in = CapacityFormulas.kafkaInBytes(admitted, decided, message, sale.replication());
            double out = CapacityFormulas.kafkaOutBytes(admitted, decided, message, sale.replication(), ingresses,
                    gates);
            double cores = CapacityFormulas.brokerCores(decided, sale.replication(), measured);
            double brokers = Math.max(sale.replication(), Math.max(
                    Math.ceil(cores / (sale.cores() * sale.utilisation())),
                    CapacityFormulas.brokersForNetwork(Math.max(in, out), sale.networkGbit(), sale.utilisation())));
            add("kafkaIn", "network into the brokers", in, "B/s",
                    "replication × (claims to the log × %s B + decisions × %s B)",
                    number(CapacityFormulas.commandBytes(message)), number(CapacityFormulas.outcomeBytes(message)
                            + CapacityFormulas.changelogBytes(message)));
            add("kafkaOut", "network out of the brokers", out, "B/s",
                    "all claims and outcomes × readers: ingresses, authority, sink, gates, followers");
            add("brokerCores", "processors for the brokers", cores, "",
                    "decisions per second × %s µs × %s × replication; an upper bound",
                    number(measured.micros().issued()),
                    number(CapacityFormulas.BROKER_PART));
            add("brokers", "Kafka brokers", brokers, "",
                    "by processors or by %s Gbit/s × utilisation, at least the replication",
                    number(sale.networkGbit()));
            add("kafkaDiskOfSale", "Kafka disk of one sale, all brokers",
                    issues * CapacityFormulas.issueBytes(message) * sale.replication(), "B",
                    "issues × %s B (command, outcome, holder) × replication",
                    number(CapacityFormulas.issueBytes(message)));
            add("kafkaDiskRetained", "Kafka disk with retention, all brokers",
                    CapacityFormulas.retainedBytes(issues * sale.salesPerDay(), message, sale.replication(),
                            sale.retentionHours()),
                    "B",
                    "commands for %d h, outcomes for %d h, holders for 31 days, %d sales a day", COMMANDS_HOURS,
                    sale.retentionHours(), sale.salesPerDay());
            add("commandsHours", "hours that the authority may be away", COMMANDS_HOURS - decisionSeconds / 3_600, "h",
                    "retention of coupon-commands (%d h) − the time to decide", COMMANDS_HOURS);
            add("outcomesHours", "hours that the sink may be away", sale.retentionHours()
                    - issues / Math.min(decided, measured.rowsPerSecond()) / 3_600, "h",
                    "retention of coupon-outcomes (%d h) − the time to store", sale.retentionHours());
            return brokers;
        }

        private void limits(double answered, double gates, double ingresses) {
            double perCoupon = issues / sale.coupons();
            double alone = perCoupon / measured.decisionsPerSecond();
            limit("One coupon is one partition, and one stream thread decides its claims in their order. %s issues"
                    + " of one coupon need %s at the measured %s decisions/s. More threads, instances or"
                    + " processors do not change this. By this plan no user is answered later than %s after the"
                    + " opening%s.", number(perCoupon),
                    seconds(alone), number(measured.decisionsPerSecond()), seconds(answered), conditions());
            if (decisionSeconds > arrivalSeconds * 1.01) {
                limit("The stock cannot be decided as fast as it is claimed: the claims of the winners arrive"
                        + " within %s and are decided within %s. The last winner waits %s for the decision. Until"
                        + " then losers get 503 stock-reserved and repeat; nothing is oversold.",
                        seconds(arrivalSeconds),
                        seconds(decisionSeconds), seconds(decisionSeconds - arrivalSeconds));
            }
            if (decisionSeconds - arrivalSeconds > WAIT_SECONDS) {
                limit("A caller waits %s at most (Prefer: wait): later decisions are read from the status of the"
                        + " request.",
                        seconds(WAIT_SECONDS));
            }
            if (decisionSeconds - arrivalSeconds > RESERVATION_SECONDS) {
                limit("Reservations end after %s: set FIRSTCOME_RESERVATION_MS above %s, otherwise the gate admits"
                        + " more claims than the stock, which the log rejects.", seconds(RESERVATION_SECONDS),
                        seconds(decisionSeconds - arrivalSeconds));
            }
            if (undecided > ingresses * CLAIMS_IN_FLIGHT_MAX) {
                limit("Callers who wait with Prefer: wait hold connections: %s claims wait at once, and %s ingresses"
                        + " let %s wait (FIRSTCOME_DECISION_WAITERS_MAX). Further callers get 202 without a wait"
                        + " and ask for the status later.",
                        number(undecided), number(ingresses),
                        number(ingresses * CLAIMS_IN_FLIGHT_MAX));
            }
            waitersForStock(ingresses);
            if (Math.min(issues, admitted * REQUESTS_RETENTION_SECONDS) > REQUESTS_MAX) {
                limit("An ingress remembers %s requests by default: set FIRSTCOME_REQUESTS_MAX to %s, otherwise it"
                        + " forgets the status of the oldest ones.", number(REQUESTS_MAX),
                        number(Math.min(issues, admitted * REQUESTS_RETENTION_SECONDS)));
            }
            if (issues * sale.salesPerDay() > HOLDERS_MAX) {
                limit("An ingress remembers %s holders by default (FIRSTCOME_HOLDERS_MAX). Beyond them it asks"
                        + " Redis for each claim after the sell-out.", number(HOLDERS_MAX));
            }
            if (decided > measured.rowsPerSecond()) {
                limit("One MySQL server stores %s rows/s in the measurement: the last row is stored %s after the"
                        + " opening. Answers do not wait for rows.", number(measured.rowsPerSecond()),
                        seconds(issues / measured.rowsPerSecond()));
            }
            if (gates > 1) {
                limit("One Redis server cannot judge all claims. %s groups of ingresses each get a Redis of their"
                        + " own (FIRSTCOME_REDIS_URL, FIRSTCOME_GATE_GROUP). Each gate knows its own reservations"
                        + " only, so the log gets more claims than the stock; this plan does not count them.",
                        number(gates));
            }
            limit("Without Redis at most %s claims/s reach the log (%s on each ingress); the others get 503 and"
                    + " repeat.",
                    number(ingresses * PASS_THROUGH_PER_SECOND), number(PASS_THROUGH_PER_SECOND));
            reading();
            limit("The measured figures come from one machine with %d processors that also ran Kafka, Redis, the"
                    + " database and the load generator. The plan assumes that twice the processors serve twice"
                    + " the claims, and that one stream thread, one Redis and one MySQL are as fast as there."
                    + " Rehearse the sale on your machines.",
                    measured.cores());
        }

        /** What the time of the last answer depends on, beyond the numbers of the plan. */
        private String conditions() {
            List<String> conditions = new ArrayList<>();
            if (reading > readable()) {
                conditions.add("each ingress can read what all write");
            }
            if (asking > 0) {
                conditions.add("ingresses and Redis keep up with losers who ask again");
            }
            return conditions.isEmpty() ? "" : ", if " + String.join(" and ", conditions);
        }

        private void waitersForStock(double ingresses) {
            if (asking > 0) {
                limit("Losers who come before the sell-out is known ask the gate again: while they wait for stock, in"
                        + " a crowd about once a second each, and when they repeat their claim a second after 503. The"
                        + " plan counts each of them once. Just before the sell-out is known, up to %s of them ask in"
                        + " a second.", number(asking));
            }
            double stockWaiters = ingresses * STOCK_WAITERS_MAX * (sale.coupons() == 1 ? WAITERS_OF_ONE_COUPON : 1);
            if (asking > stockWaiters) {
                limit("Up to %s losers wait for stock, and %s ingresses let %s wait (FIRSTCOME_STOCK_WAITERS_MAX, %s"
                        + " on each by default, of which one coupon takes at most nine tenths). The others get 503"
                        + " stock-reserved at once and repeat.", number(asking), number(ingresses),
                        number(Math.floor(stockWaiters)), number(STOCK_WAITERS_MAX));
            }
            if (undecided + asking > ingresses * CONNECTIONS_MAX) {
                limit("Up to %s callers are connected before the sell-out is known: winners who wait for their decision"
                        + " and losers who wait for stock or repeat. %s ingresses keep %s connections"
                        + " (FIRSTCOME_HTTP_CONNECTIONS_MAX, %s on each by default); further callers wait for a"
                        + " connection.", number(undecided + asking), number(ingresses),
                        number(ingresses * CONNECTIONS_MAX), number(CONNECTIONS_MAX));
            }
        }

        private double readable() {
            return sale.cores() * sale.utilisation() / 2;
        }

        private void reading() {
            if (reading <= readable()) {
                return;
            }
            double cores = Math.ceil(2 * reading / sale.utilisation());
            String larger = cores > Forecast.CORES_MAX
                    ? "Run"
                    : "Give each ingress " + number(cores) + " processors or more (--cores), or run";
            limit("Each ingress reads the claims and outcomes of all: up to %s processors of each. The plan leaves no"
                    + " more than %s for it. %s several installations with coupons of their own; otherwise decisions"
                    + " are answered late.", number(reading), number(readable()), larger);
        }

        private void add(String id, String name, double value, String unit, String formula, Object... arguments) {
            quantities.add(new Quantity(id, name, value, unit, String.format(Locale.ROOT, formula, arguments)));
        }

        private void limit(String text, Object... arguments) {
            limits.add(String.format(Locale.ROOT, text, arguments));
        }

        private static String number(double value) {
            return PlanText.number(value);
        }

        private static String seconds(double value) {
            return PlanText.value(value, "s");
        }
    }

    /** The value of a quantity. */
    double value(String id) {
        return quantities.stream().filter(quantity -> quantity.id().equals(id)).mapToDouble(Quantity::value).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no quantity " + id));
    }
}
