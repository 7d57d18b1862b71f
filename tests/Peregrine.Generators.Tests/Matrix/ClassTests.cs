using System.Text;
using Peregrine.Generators.Tests.Serving;
using Peregrine.Protocol.Versions;
using Peregrine.Server;

namespace Peregrine.Generators.Tests.Matrix;

public sealed class ClassTests
{
    [Fact]
    public async Task Tools_are_inherited_from_classes_and_interfaces()
    {
        var server = ToolServer.Of<DerivedTools>();
        Assert.Equal(["greet", "inherited", "overridden"], server.Names.Order());
        Assert.Equal("derived", await server.TextAsync("overridden"));
        Assert.Equal("inherited", await server.TextAsync("inherited"));
        Assert.Equal("Hello you", await server.TextAsync("greet", """{"who":"you"}"""));
        Assert.Equal("Greets.", server.Server.Tools.Single(static tool => tool.Name == "greet").Description);
        Assert.Equal("Whom.", server.Property("greet", "who").GetProperty("description").GetString());
    }

    [Fact]
    public async Task Partial_class_is_one_class_and_overloads_need_names()
    {
        var server = ToolServer.Of<PartialTools>();
        Assert.Equal("first", await server.TextAsync("first"));
        Assert.Equal("second", await server.TextAsync("second-tool"));
        Assert.Equal("second 3", await server.TextAsync("second.int", """{"value":3}"""));
    }

    [Fact]
    public void Only_hints_that_are_set_are_said()
    {
        var tool = ToolServer.Of<PartialTools>().Server.Tools.Single(static tool => tool.Name == "second-tool");
        Assert.Equal("Second", tool.Title);
        Assert.Equal((false, false, null, null), (tool.ReadOnly, tool.Destructive, tool.Idempotent, tool.OpenWorld));
    }

    [Fact]
    public async Task Nested_internal_class_and_record_have_tools()
    {
        Assert.Equal("nested", await ToolServer.Of<Outer.Nested>().TextAsync("name"));
        Assert.Equal("r", await ToolServer.Of(new RecordTools("r")).TextAsync("get"));
    }

    [Fact]
    public async Task Constructor_takes_its_parameters_from_the_services()
    {
        var services = new Services(new Dependency(), new Dependency { Name = "special" });
        Assert.Equal("plain|special|True|True|4|plain", await ToolServer.Of<DependentTools>(services).TextAsync("describe"));
    }

    [Fact]
    public void Missing_service_is_named()
    {
        var without = Assert.Throws<InvalidOperationException>(static () => ToolServer.Of<DependentTools>());
        Assert.Contains("DependentTools cannot be made: its constructor's parameter \"needed\" needs a Peregrine.Generators.Tests.Matrix.Dependency, but the server has no services", without.Message, StringComparison.Ordinal);

        var empty = Assert.Throws<InvalidOperationException>(static () => ToolServer.Of<DependentTools>(new Services(null, null)));
        Assert.Contains("\"needed\"", empty.Message, StringComparison.Ordinal);
        Assert.Contains("no service of this type is registered;", empty.Message, StringComparison.Ordinal);

        var unkeyed = Assert.Throws<InvalidOperationException>(static () => ToolServer.Of<DependentTools>(new Services(new Dependency(), null)));
        Assert.Contains("\"keyed\"", unkeyed.Message, StringComparison.Ordinal);
        Assert.Contains("under the key \"special\"", unkeyed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Class_that_cannot_be_made_can_be_given()
    {
        Assert.Contains("the class is abstract", Assert.Throws<InvalidOperationException>(static () => ToolServer.Of<AbstractTools>()).Message, StringComparison.Ordinal);
        Assert.Contains("required members", Assert.Throws<InvalidOperationException>(static () => ToolServer.Of<RequiredTools>()).Message, StringComparison.Ordinal);
        Assert.Equal("concrete", await ToolServer.Of<AbstractTools>(new AbstractTools.Concrete()).TextAsync("run"));
        Assert.Equal("t", await ToolServer.Of(new RequiredTools { Text = "t" }).TextAsync("get"));
    }

    [Fact]
    public void Class_that_the_generator_did_not_see_is_named()
    {
        var error = Assert.Throws<InvalidOperationException>(static () => PeregrineServer.CreateBuilder("a", "1").AddTools<Dependency>());
        Assert.Contains("Peregrine.Generators analyzer", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Injected_parameters_are_not_arguments()
    {
        var server = ToolServer.Of<InjectedTools>();
        Assert.Equal("""{"type":"object","additionalProperties":false}""", server.Schema("token"));
        Assert.Equal("""{"type":"object","properties":{"value":{"type":"integer"}},"required":["value"]}""", server.Schema("call"));
        Assert.Equal("true", await server.TextAsync("token"));
        Assert.Equal("True 5", await server.TextAsync("call", """{"value":5}"""));
        var reply = await server.CallAsync("progress", """{"value":2}""");
        Assert.Equal(2, reply.Notifications.Count);
        Assert.Contains("\"progress\":2}", reply.Notifications[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Duplicate_argument_is_refused()
    {
        // The scan of a message refuses duplicates; a front that scans less must not get them past the binder.
        const string message = """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"call","arguments":{"value":1,"other":2}}}""";
        using var exchange = new TestExchange(message, ProtocolVersion.V2025_11_25, message.Replace("other", "value", StringComparison.Ordinal));
        await ToolServer.Of<InjectedTools>().Server.RespondAsync(exchange);
        Assert.Contains("Argument \\\"value\\\" is given twice.", Encoding.UTF8.GetString(exchange.Reply.WrittenSpan), StringComparison.Ordinal);
    }
}
