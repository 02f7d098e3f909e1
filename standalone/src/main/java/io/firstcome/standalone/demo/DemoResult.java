package io.firstcome.standalone.demo;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.firstcome.testkit.guarantee.GuaranteeReport;
import io.firstcome.testkit.guarantee.GuaranteeResult;

/** The figures of a sale and the results of the guarantees. */
public final class DemoResult {

    private final DemoReport figures;
    private final GuaranteeReport guarantees;

    DemoResult(DemoReport figures, GuaranteeReport guarantees) {
        this.figures = figures;
        this.guarantees = guarantees;
    }

    /** Whether every guarantee was checked and holds. */
    public boolean holds() {
        return guarantees.holds() && guarantees.isComplete();
    }

    /** All of it as JSON. */
    public ObjectNode json() {
        ObjectNode json = figures.json().put("holds", holds());
        ArrayNode all = json.putArray("guarantees");
        guarantees.results().forEach((name, result) -> {
            ObjectNode guarantee = all.addObject().put("name", name);
            switch (result) {
                case GuaranteeResult.Pass(String facts) -> guarantee.put("status", "HELD").put("detail", facts);
                case GuaranteeResult.Fail(var violations) -> {
                    ArrayNode list = guarantee.put("status", "VIOLATED").putArray("violations");
                    violations.forEach(list::add);
                }
                case GuaranteeResult.NotChecked(String reason) -> guarantee.put("status", "UNKNOWN").put("detail",
                        reason);
            }
        });
        return json;
    }
}
