using System.Text.Json;
using Peregrine.Integration.Tests.Processes;

namespace Peregrine.Integration.Tests.Stdio;

/// <summary>The resources and prompts of the sample server.</summary>
public sealed class SampleContentTests
{
    [Fact]
    public void WhatIsListedCanBeReadAndAskedFor()
    {
        using var child = StdioChild.StartSample();
        foreach (var resource in Ask(child, "resources/list", "{}").GetProperty("resources").EnumerateArray())
        {
            var contents = Ask(child, "resources/read", $$"""{"uri":"{{resource.GetProperty("uri").GetString()}}"}""").GetProperty("contents")[0];
            var length = contents.TryGetProperty("blob", out var blob) ? blob.GetBytesFromBase64().Length : System.Text.Encoding.UTF8.GetByteCount(contents.GetProperty("text").GetString()!);
            Assert.Equal(resource.GetProperty("size").GetInt32(), length);
        }

        foreach (var prompt in Ask(child, "prompts/list", "{}").GetProperty("prompts").EnumerateArray())
        {
            var messages = Ask(child, "prompts/get", $$$"""{"name":"{{{prompt.GetProperty("name").GetString()}}}","arguments":{"topic":"falcons"}}""").GetProperty("messages");
            Assert.NotEqual(0, messages.GetArrayLength());
        }

        Assert.Equal("sample://fibonacci/{n}", Ask(child, "resources/templates/list", "{}").GetProperty("resourceTemplates")[0].GetProperty("uriTemplate").GetString());
        Assert.Equal("""{"n":92,"value":7540113804746346429}""", Ask(child, "resources/read", """{"uri":"sample://fibonacci/92"}""").GetProperty("contents")[0].GetProperty("text").GetString());
        Assert.Equal("""["brief"]""", Ask(child, "completion/complete", """{"ref":{"type":"ref/prompt","name":"explain"},"argument":{"name":"style","value":"b"}}""")
            .GetProperty("completion").GetProperty("values").GetRawText());
    }

    private static JsonElement Ask(StdioChild child, string method, string parameters)
    {
        child.Send($$"""{"jsonrpc":"2.0","id":1,"method":"{{method}}","params":{{parameters}}}""");
        var reply = child.Receive();
        Assert.True(reply.TryGetProperty("result", out var result), reply.GetRawText());
        return result;
    }
}
