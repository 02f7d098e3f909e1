package io.firstcome.system;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.stream.Stream;

import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** A headless Chromium, for the tests of pages. */
final class Browser implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int MAX_TABS = 300;
    private static final Path SCREENSHOTS = Path.of("target", "screenshots");

    private final ChromeDriver driver;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    /**
     * Starts a browser. The test is skipped where Chromium or its driver is missing.
     *
     * @param language the browser's language, such as {@code en-US}
     */
    static Browser start(String language) {
        Optional<Path> chromium = first("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome");
        Optional<Path> chromeDriver = first("/usr/bin/chromedriver");
        assumeTrue(chromium.isPresent() && chromeDriver.isPresent(),
                "Chromium and chromedriver are not installed (Debian: chromium, chromium-driver).");
        // The sandbox of Chromium refuses to run as root, as in a container of CI. Without --disable-gpu a processor
        // emulates the graphics processor.
        var options = new ChromeOptions().setBinary(chromium.get().toFile()).addArguments("--headless=new",
                "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-extensions", "--hide-scrollbars",
                "--lang=" + language, "--force-prefers-reduced-motion");
        options.setExperimentalOption("prefs", Map.of("intl.accept_languages", language));
        var logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        options.setCapability("goog:loggingPrefs", logs);
        var service = new ChromeDriverService.Builder().usingDriverExecutable(chromeDriver.get().toFile())
                .usingAnyFreePort().build();
        var browser = new Browser(new ChromeDriver(service, options));
        browser.resize(1280, 900);
        return browser;
    }

    private static Optional<Path> first(String... paths) {
        return Stream.of(paths).map(Path::of).filter(Files::isExecutable).findFirst();
    }

    void open(String url) {
        driver.get(url);
    }

    String url() {
        return driver.getCurrentUrl();
    }

    /** Sets the size of the page. A window cannot be as narrow as a phone. */
    void resize(int width, int height) {
        driver.executeCdpCommand("Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    }

    void prefer(String scheme) {
        driver.executeCdpCommand("Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    /** Clicks an element that appears within the timeout. */
    void click(String selector) {
        onElement(selector, element -> {
            element.click();
            return true;
        });
    }

    void type(String selector, String text) {
        onElement(selector, input -> {
            input.clear();
            input.sendKeys(text);
            return true;
        });
    }

    /** Presses keys while the element that has the focus keeps it. */
    void press(CharSequence... keys) {
        driver.switchTo().activeElement().sendKeys(keys);
    }

    /**
     * Presses the tabulator until an element that matches the selector has the focus, as a user without a mouse does.
     */
    void tabTo(String selector) {
        for (int tabs = 0; tabs < MAX_TABS; tabs++) {
            press(Keys.TAB);
            if (hasFocus(selector)) {
                return;
            }
        }
        throw new AssertionError("the tabulator does not reach " + selector);
    }

    boolean hasFocus(String selector) {
        return (Boolean) driver.executeScript("return document.activeElement.matches(arguments[0])", selector);
    }

    /** Opens a page in a new tab, which stays selected. */
    void openInNewTab(String url) {
        driver.switchTo().newWindow(WindowType.TAB);
        open(url);
    }

    /** The height of the first visible element, in pixels of the page. */
    int height(String selector) {
        return onElement(selector, element -> element.getRect().getHeight());
    }

    /** Acts on an element that appears within the timeout. The page may replace the element before the action. */
    private <T> T onElement(String selector, Function<WebElement, T> action) {
        return await().atMost(TIMEOUT).ignoreException(StaleElementReferenceException.class)
                .until(() -> visible(selector).map(action), Optional::isPresent).orElseThrow();
    }

    private Optional<WebElement> visible(String selector) {
        return driver.findElements(By.cssSelector(selector)).stream().filter(WebElement::isDisplayed).findFirst();
    }

    /** The text of an element once it satisfies the condition. The page replaces elements at any time. */
    String awaitText(String selector, Predicate<String> condition) {
        return await().atMost(TIMEOUT).ignoreException(StaleElementReferenceException.class)
                .until(() -> visible(selector).map(WebElement::getText).orElse(""), condition::test);
    }

    /** The texts of all elements at one moment, those out of sight of a scrolled list included. */
    @SuppressWarnings("unchecked")
    List<String> texts(String selector) {
        return (List<String>) driver.executeScript(
                "return [...document.querySelectorAll(arguments[0])].map(it => it.textContent)", selector);
    }

    void awaitGone(String selector) {
        await().atMost(TIMEOUT).ignoreException(StaleElementReferenceException.class)
                .until(() -> visible(selector).isEmpty());
    }

    Object script(String script) {
        return driver.executeScript(script);
    }

    /** What the browser complains about, such as resources that the Content-Security-Policy forbids. */
    List<String> complaints() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(it -> it.getLevel().intValue() >= Level.WARNING.intValue()).map(LogEntry::getMessage).toList();
    }

    /** Writes a picture of the whole page to {@code target/screenshots}. */
    void screenshot(String name) throws IOException {
        Files.createDirectories(SCREENSHOTS);
        driver.executeScript("document.querySelectorAll('.toast').forEach(it => it.remove())");
        Object height = driver.executeScript("return document.documentElement.scrollHeight");
        Object width = driver.executeScript("return document.documentElement.clientWidth");
        Map<String, Object> picture = driver.executeCdpCommand("Page.captureScreenshot",
                Map.of("captureBeyondViewport", true, "clip",
                        Map.of("x", 0, "y", 0, "width", width, "height", height, "scale", 1)));
        Files.write(SCREENSHOTS.resolve(name + ".png"), Base64.getDecoder().decode((String) picture.get("data")));
    }

    @Override
    public void close() {
        driver.quit();
    }
}
