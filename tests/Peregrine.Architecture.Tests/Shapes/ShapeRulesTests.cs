namespace Peregrine.Architecture.Tests.Shapes;

/// <summary>Shows that each rule about types can fail.</summary>
public sealed class ShapeRulesTests
{
    [Theory]
    [InlineData("public class Open { }", "Open must be sealed")]
    [InlineData("public record Open(int A);", "Open must be sealed")]
    [InlineData("public sealed class Outer { public class Open { } }", "Outer+Open must be sealed")]
    public void Public_class_open_to_inheritance_fails(string source, string expected) =>
        Violations.Single(expected, ShapeRules.CheckSealed(Exported(source)));

    [Fact]
    public void Other_public_types_pass() => Violations.None(ShapeRules.CheckSealed(Exported(
        "public sealed class A; public abstract class B; public static class C; public struct D; public enum E { X } public interface F; public delegate void G(); class H;")));

    [Fact]
    public void Name_of_another_library_fails()
    {
        string[] taken = ["Other.Server.RequestContext`1", "Other.Tool"];
        Violations.Single("Other.Tool", ShapeRules.CheckNamesTaken(Exported("namespace Ours; public sealed class Tool;"), taken));
        Violations.Single("RequestContext`1", ShapeRules.CheckNamesTaken(Exported("public sealed class RequestContext<T>;"), taken));
        Violations.None(ShapeRules.CheckNamesTaken(Exported("public sealed class RequestContext; public sealed class Outer { public sealed class Tool; } class Tool;"), taken));
    }

    [Theory]
    [InlineData("[M(EventId = 1)] static void A() { } [M(EventId = 1)] static void B() { }", "C.B has the event id 1 of C.A")]
    [InlineData("[M(1)] static void A() { } [M(1)] static void B() { }", "C.B has the event id 1 of C.A")]
    [InlineData("[M(Message = \"x\")] static void A() { }", "C.A has no event id")]
    public void Repeated_or_missing_event_id_fails(string members, string expected) =>
        Violations.Single(expected, ShapeRules.CheckEventIds(LogMessages(members)));

    [Fact]
    public void Different_event_ids_pass() =>
        Violations.None(ShapeRules.CheckEventIds(LogMessages("[M(EventId = 1)] static void A() { } [M(2)] static void B() { } static void D() { }")));

    private static Type[] Exported(string source) => CompiledSample.Load(source).GetExportedTypes();

    // The generator that completes partial log methods does not run here; the attribute alone is what the rule reads.
    private static Type[] LogMessages(string members) => CompiledSample.Load($$"""
        class LoggerMessageAttribute : System.Attribute
        {
            public LoggerMessageAttribute() { }
            public LoggerMessageAttribute(int eventId) { }
            public int EventId { get; set; }
            public string? Message { get; set; }
        }
        static class C { {{members.Replace("[M(", "[LoggerMessage(", StringComparison.Ordinal)}} }
        """).GetTypes();
}
