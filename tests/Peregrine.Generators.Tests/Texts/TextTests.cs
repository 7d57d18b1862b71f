using System.Text.Json;
using Peregrine.Generators.Tests.Serving;
using Peregrine.Protocol.Versions;
using Peregrine.Server;

namespace Peregrine.Generators.Tests.Texts;

public sealed class TextTests
{
    private static readonly PeregrineServer Server = PeregrineServer.CreateBuilder("test", "1.0").AddTools(new TextTools("Hello")).Build();

    [Fact]
    public async Task Prompt_is_listed_with_its_arguments()
    {
        var prompt = (await AskAsync("prompts/list", "{}")).GetProperty("prompts").EnumerateArray().Single(static prompt => prompt.GetProperty("name").GetString() == "greet");
        Assert.Equal("Greeting", prompt.GetProperty("title").GetString());
        Assert.Equal("Greets somebody.", prompt.GetProperty("description").GetString());
        Assert.Equal(
            """[{"name":"name","description":"Who.","required":true},{"name":"times","description":"How often."},{"name":"unit"}]""", prompt.GetProperty("arguments").GetRawText());
    }

    [Theory]
    [InlineData("""{"name":"Ann"}""", "Hello Ann 2 ")]
    [InlineData("""{"name":"Ann","times":"3","unit":"absolute scale"}""", "Hello Ann 3 Kelvin")]
    public async Task Prompt_reads_its_arguments(string arguments, string text) =>
        Assert.Equal(text, (await AskAsync("prompts/get", $$"""{"name":"greet","arguments":{{arguments}}}""")).GetProperty("messages")[0].GetProperty("content").GetProperty("text").GetString());

    [Fact]
    public async Task Prompt_may_be_asynchronous_and_say_several_things()
    {
        var messages = (await AskAsync("prompts/get", """{"name":"talk","arguments":{"topic":"birds"}}""")).GetProperty("messages");
        Assert.Equal(["user", "assistant"], messages.EnumerateArray().Select(static message => message.GetProperty("role").GetString()));
    }

    [Fact]
    public async Task Wrong_text_is_refused()
    {
        var error = await AskAsync("prompts/get", """{"name":"greet","arguments":{"name":"Ann","times":"often"}}""", "error");
        Assert.Contains("\"times\" must be an integer from -2147483648 to 2147483647; found other text.", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Parameters_may_have_the_names_of_generated_locals() =>
        Assert.Equal("abc", (await AskAsync("prompts/get", """{"name":"named","arguments":{"s":"a","call":"b","texts":"c"}}""")).GetProperty("messages")[0].GetProperty("content").GetProperty("text").GetString());

    [Theory]
    [InlineData("notes://all", "Hello")]
    [InlineData("notes://celsius/7", "Celsius 7 of notes://celsius/7")]
    public async Task Resource_is_read(string uri, string text) =>
        Assert.Equal(text, (await AskAsync("resources/read", $$"""{"uri":"{{uri}}"}""")).GetProperty("contents")[0].GetProperty("text").GetString());

    [Fact]
    public async Task Bytes_are_a_blob() =>
        Assert.Equal("YS9i", (await AskAsync("resources/read", """{"uri":"bytes://a/b"}""")).GetProperty("contents")[0].GetProperty("blob").GetString());

    [Fact]
    public async Task Null_is_that_there_is_no_such_resource() =>
        Assert.Equal(-32002, (await AskAsync("resources/read", """{"uri":"notes://celsius/0"}""", "error")).GetProperty("code").GetInt32());

    [Fact]
    public async Task Resources_and_families_are_listed()
    {
        Assert.Equal("notes://all", (await AskAsync("resources/list", "{}")).GetProperty("resources")[0].GetProperty("uri").GetString());
        var templates = (await AskAsync("resources/templates/list", "{}")).GetProperty("resourceTemplates").EnumerateArray().ToArray();
        Assert.Equal(["notes://{kind}/{id}", "bytes://{+name}"], templates.Select(static template => template.GetProperty("uriTemplate").GetString()));
        Assert.Equal(("note", "Note", "One note."), (templates[0].GetProperty("name").GetString(), templates[0].GetProperty("title").GetString(), templates[0].GetProperty("description").GetString()));
    }

    [Fact]
    public async Task Static_class_is_added_by_its_type()
    {
        var server = PeregrineServer.CreateBuilder("test", "1.0").AddTools(typeof(StaticTools)).Build();
        Assert.Equal("8", await ToolServer.Of(server).TextAsync("twice", """{"value":4}"""));
    }

    private static async Task<JsonElement> AskAsync(string method, string parameters, string member = "result")
    {
        using var exchange = new TestExchange($$"""{"jsonrpc":"2.0","id":1,"method":"{{method}}","params":{{parameters}}}""", ProtocolVersion.V2025_11_25);
        await Server.RespondAsync(exchange);
        using var reply = JsonDocument.Parse(exchange.CompleteReply());
        return reply.RootElement.GetProperty(member).Clone();
    }
}
