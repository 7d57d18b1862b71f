namespace Peregrine.Generators.Tests.Diagnostics;

/// <summary>Generated code compiles without a warning whatever the program around it calls its own things.</summary>
public sealed class GeneratedCodeTests
{
    [Theory]
    [InlineData("public class ToolArguments; public class McpCall; public class ValueTask; public class String; public class EchoTool;")]
    [InlineData("namespace App { public class ToolArguments; public class GeneratedTools; public class Task; public class EchoTool; public class ToolsRegistration; }")]
    [InlineData("namespace App.System { public class Uri; } namespace App.Peregrine { public class Server; }")]
    [InlineData("namespace Peregrine.Generated { public class Anything; }")]
    public void Names_of_the_program_do_not_get_in_the_way(string others)
    {
        const string tools = """
            namespace App
            {
                [McpTools]
                public sealed class Tools
                {
                    [McpTool] public string Echo(string message, global::System.Uri? uri, global::System.DayOfWeek day) => message;
                    [McpTool] public global::System.Threading.Tasks.Task<string?> Later(string? message = null) => null!;
                }
            }
            """;
        Assert.Single(Generation.Generate(tools, others));
    }

    [Fact]
    public void Classes_of_one_name_and_tools_of_one_name_live_side_by_side()
    {
        const string tools = "{ [McpTools] public sealed class Tools { [McpTool] public string Echo(string message) => message; } }";
        Assert.Equal(3, Generation.Generate($"namespace A {tools}", $"namespace B {tools}", $"public static class Outer {tools}").Count);
    }

    [Fact]
    public void Code_without_nullable_annotations_is_taken()
    {
        var generated = Assert.Single(Generation.Generate("""
            #nullable disable
            [McpTools]
            public class Tools
            {
                public Tools(Uri uri, Version version = null) { }

                [McpTool]
                public string Join(string first, string second = null) => first + second;
            }
            """));
        Assert.Contains("""{"first":{"type":"string"},"second":{"type":["string","null"],"default":null}},"required":["first"]""", generated, StringComparison.Ordinal);
        Assert.Contains("ToolResults.Return(call, tools.For(call).Join(first, second));", generated, StringComparison.Ordinal);
    }

    [Fact]
    public void Obsolete_tools_and_types_are_taken() =>
        Assert.Single(Generation.Generate("""
            [McpTools]
            public class Tools
            {
                [McpTool, Obsolete("Use another.")]
                public string Old(int value) => "";
            }
            """));

    [Fact]
    public void Constructors_of_all_kinds_are_called()
    {
        var generated = Generation.Generate(
            "[McpTools] public class A(string? text = \"x\\\"\", int number = 3, DayOfWeek day = DayOfWeek.Friday, Uri? uri = null, int? maybe = null) { [McpTool] public string Run() => $\"{text}{number}{day}{uri}{maybe}\"; }",
            "[McpTools] public class B { private B() { } [McpTool] public void Run() { } }",
            "[McpTools] public class C(ref int value) { [McpTool] public int Run() => 1; private int _value = value; }",
            "[McpTools] public class D(Func<string?, Task<int?>> make) { [McpTool] public Task<int?> Run(string? text) => make(text); }");
        Assert.Equal(4, generated.Count);
        Assert.Contains("ToolServices.GetOptional<string?>(services, \"x\\\"\")", generated[0], StringComparison.Ordinal);
        Assert.Contains("no public or internal constructor", generated[1], StringComparison.Ordinal);
        Assert.Contains("cannot be a service", generated[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Echo_is_bound_as_one_would_write_it_by_hand()
    {
        var generated = Assert.Single(Generation.Generate("[McpTools] public class Tools { [McpTool] public string Echo(string message) => message; }"));
        const string binder = """
                public override ValueTask InvokeAsync(McpCall call)
                {
                    var arguments = new ToolArguments(call);
                    string message = "";
                    var hasMessage = false;

                    while (arguments.Next())
                    {
                        if (arguments.Is("message"u8))
                        {
                            arguments.Read("message", ref hasMessage);
                            message = arguments.GetString("message");
                        }
                        else
                        {
                            arguments.Skip();
                        }
                    }

                    if (!hasMessage)
                    {
                        arguments.Missing("message", "message"u8);
                    }

                    if (arguments.Error is { } error)
                    {
                        call.RejectArguments(error);
                        return default;
                    }

                    call.ReturnText(tools.For(call).Echo(message));
                    return default;
                }
        """;
        Assert.Contains(binder.ReplaceLineEndings("\n"), generated, StringComparison.Ordinal);
    }
}
