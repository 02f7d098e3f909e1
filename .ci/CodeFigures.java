import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;

/** Prints docs/code-figures.md's tables: {@code java .ci/CodeFigures.java}, in the directory of the project. */
final class CodeFigures {

    private static final Set<String> TESTS = Set.of("Test", "ParameterizedTest", "RepeatedTest", "TestFactory");
    private static final Set<String> MARKERS = Set.of("Disabled", "SuppressWarnings", "Deprecated");
    private static final int LONG = 30;

    private final Set<Path> packages = new HashSet<>();
    private final Map<String, Integer> markers = new TreeMap<>();
    private int files;
    private int lines;
    private int types;
    private int methods;
    private int longMethods;
    private int longest;
    private int tests;

    public static void main(String[] arguments) throws IOException {
        var allMain = new CodeFigures();
        var allTests = new CodeFigures();
        System.out.println("| module | files | lines | packages | types | methods | longer than 30 lines | longest"
                + " | test files | test lines | tests |");
        System.out.println("|---|---|---|---|---|---|---|---|---|---|---|");
        for (Path module : modules()) {
            var main = new CodeFigures();
            var test = new CodeFigures();
            main.read(module.resolve("src/main/java"));
            test.read(module.resolve("src/test/java"));
            print(module.getFileName().toString(), main, test);
            allMain.add(main);
            allTests.add(test);
        }
        print("**all**", allMain, allTests);
        allTests.markers.forEach((name, count) -> allMain.markers.merge(name, count, Integer::sum));
        System.out.println("\nMarkers in main and test code: " + allMain.markers);
    }

    private static List<Path> modules() throws IOException {
        try (Stream<Path> found = Files.list(Path.of("."))) {
            return found.filter(it -> Files.isDirectory(it.resolve("src/main/java"))
                    || Files.isDirectory(it.resolve("src/test/java"))).map(Path::normalize).sorted().toList();
        }
    }

    private static void print(String name, CodeFigures main, CodeFigures test) {
        System.out.printf("| %s | %,d | %,d | %,d | %,d | %,d | %,d | %,d | %,d | %,d | %,d |%n", name, main.files,
                main.lines, main.packages.size(), main.types, main.methods, main.longMethods, main.longest, test.files,
                test.lines, test.tests);
    }

    private void add(CodeFigures other) {
        packages.addAll(other.packages);
        other.markers.forEach((name, count) -> markers.merge(name, count, Integer::sum));
        files += other.files;
        lines += other.lines;
        types += other.types;
        methods += other.methods;
        longMethods += other.longMethods;
        longest = Math.max(longest, other.longest);
        tests += other.tests;
    }

    private void read(Path folder) throws IOException {
        MARKERS.forEach(it -> markers.put("@" + it, 0));
        if (!Files.isDirectory(folder)) {
            return;
        }
        List<Path> sources;
        try (Stream<Path> found = Files.walk(folder)) {
            sources = found.filter(it -> it.toString().endsWith(".java")).toList();
        }
        for (Path source : sources) {
            String text = Files.readString(source);
            files++;
            lines += (int) text.lines().count();
            packages.add(source.getParent());
        }
        parse(sources);
    }

    private void parse(List<Path> sources) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (var manager = compiler.getStandardFileManager(null, null, null)) {
            var options = List.of("-proc:none");
            var task = (JavacTask) compiler.getTask(null, manager, null, options, null,
                    manager.getJavaFileObjectsFromPaths(sources));
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            for (CompilationUnitTree unit : task.parse()) {
                new Counter(unit, positions).scan(unit, null);
            }
        }
    }

    private final class Counter extends TreeScanner<Void, Void> {

        private final CompilationUnitTree unit;
        private final SourcePositions positions;

        Counter(CompilationUnitTree unit, SourcePositions positions) {
            this.unit = unit;
            this.positions = positions;
        }

        @Override
        public Void visitClass(ClassTree type, Void nothing) {
            types += type.getSimpleName().isEmpty() ? 0 : 1;
            return super.visitClass(type, nothing);
        }

        /** Constructors count as methods; declarations without a body and lambdas do not. */
        @Override
        public Void visitMethod(MethodTree method, Void nothing) {
            if (method.getBody() != null && positions.getStartPosition(unit, method) >= 0) {
                int length = (int) (line(positions.getEndPosition(unit, method))
                        - line(positions.getStartPosition(unit, method.getBody())) + 1);
                methods++;
                longMethods += length > LONG ? 1 : 0;
                longest = Math.max(longest, length);
            }
            return super.visitMethod(method, nothing);
        }

        @Override
        public Void visitAnnotation(AnnotationTree annotation, Void nothing) {
            String name = annotation.getAnnotationType().toString();
            tests += TESTS.contains(name) ? 1 : 0;
            if (MARKERS.contains(name)) {
                markers.merge("@" + name, 1, Integer::sum);
            }
            return super.visitAnnotation(annotation, nothing);
        }

        private long line(long position) {
            return unit.getLineMap().getLineNumber(position);
        }
    }
}
