using System.ComponentModel;
using Peregrine.Generators.Tests.Matrix;
using Peregrine.Server.Content;
using Peregrine.Server.Prompts;
using Peregrine.Server.Resources;
using Peregrine.Server.Tools;

namespace Peregrine.Generators.Tests.Texts;

/// <summary>Prompts and resources, and one tool beside them.</summary>
[McpTools]
public sealed class TextTools(string greeting)
{
    [McpTool] public string Same() => greeting;

    /// <summary>Greets somebody.</summary>
    /// <param name="name">Who.</param>
    /// <param name="times">How often.</param>
    [McpPrompt(Title = "Greeting")]
    public string Greet(string name, int times = 2, Unit? unit = null) => $"{greeting} {name} {times} {unit}";

    // Named like the locals of generated code.
    [McpPrompt] public static string Named(string s, string call, string texts) => s + call + texts;

    [McpPrompt(Name = "talk")]
    public static async Task<IEnumerable<McpPromptMessage>> TalkAsync([Description("On what.")] string topic, CancellationToken cancellationToken)
    {
        await Task.Delay(1, cancellationToken);
        return [new(McpRole.User, McpContent.Text(topic)), new(McpRole.Assistant, McpContent.Text("Go on."))];
    }

    [McpResource("notes://all", MimeType = "text/plain", TimeToLiveSeconds = 5)]
    public string All() => greeting;

    /// <summary>One note.</summary>
    [McpResource("notes://{kind}/{id}", Title = "Note")]
    public async ValueTask<string?> Note(int id, Unit kind, McpResourceRequest request)
    {
        await Task.Yield();
        return id == 0 ? null : $"{kind} {id} of {request.Uri}";
    }

    [McpResource("bytes://{+name}")]
    public static byte[] Bytes(string name) => System.Text.Encoding.UTF8.GetBytes(name);
}

/// <summary>A static class of tools.</summary>
[McpTools]
public static class StaticTools
{
    [McpTool] public static int Twice(int value) => value * 2;
}
