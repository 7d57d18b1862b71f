using System.Text;
using Peregrine.Cli.Targets;
using Peregrine.Client;
using Peregrine.Client.Tools;

namespace Peregrine.Cli.Calling;

/// <summary>`peregrine call`: one call of one tool.</summary>
internal static class CallTool
{
    private const int MostNames = 20;

    internal static Task<int> RunAsync(Target target, TargetOptions options, ToolCall call, bool json, CancellationToken cancellationToken) =>
        Conversation.RunAsync(target, options, async client =>
        {
            var arguments = "{}"u8.ToArray();
            if (call.Arguments is { } whole)
            {
                arguments = Encoding.UTF8.GetBytes(whole);
            }
            else if (call.Pairs.Count > 0)
            {
                var tools = await client.ListToolsAsync(cancellationToken).ConfigureAwait(false);
                var tool = tools.FirstOrDefault(one => one.Name == call.Tool);
                if (tool is null)
                {
                    await RemarkAsync($"the server lists no tool {call.Tool}; {Others(call.Tool, tools)} It was called all the same.").ConfigureAwait(false);
                }

                arguments = ArgumentReader.TryRead(tool?.InputSchema ?? default, call.Pairs, out var message);
                if (arguments is null)
                {
                    return await CommandLine.RefuseAsync(TerminalText.ForError($"{call.Tool}: {message}")).ConfigureAwait(false);
                }

                if (message.Length > 0)
                {
                    await RemarkAsync($"{call.Tool}: {message}").ConfigureAwait(false);
                }
            }

            using var progress = ProgressLine.Begin();
            using var result = await client.CallToolAsync(call.Tool, arguments, progress, cancellationToken).ConfigureAwait(false);
            progress?.Dispose();
            if (!json && result.ResultType == "input_required")
            {
                await RemarkAsync($"{call.Tool} asks for input before it goes on, which this command cannot give; --json shows what it asks").ConfigureAwait(false);
                return ExitCodes.Failed;
            }

            await Console.Out.WriteLineAsync(TerminalText.ForOutput(json ? Encoding.UTF8.GetString(result.Raw.Span) : Describe(result))).ConfigureAwait(false);
            return result.IsError ? ExitCodes.Failed : ExitCodes.Fine;
        }, cancellationToken);

    // Texts as they are, everything else by its kind; where there are no blocks, the structured content.
    private static string Describe(ToolResult result)
    {
        var parts = result.Parts;
        return parts.Count == 0 && !result.StructuredContent.IsEmpty
            ? Encoding.UTF8.GetString(result.StructuredContent.Span)
            : string.Join('\n', parts.Select(ContentText.Describe));
    }

    private static Task RemarkAsync(string remark) => Console.Error.WriteLineAsync(TerminalText.ForError($"peregrine: {remark}"));

    private static string Others(string name, IReadOnlyList<RemoteTool> tools) => NearWord.Find(name, tools.Select(static tool => tool.Name)) is { } near
        ? $"is {near} meant?"
        : $"it lists {(tools.Count == 0 ? "none" : Names(tools))}.";

    private static string Names(IReadOnlyList<RemoteTool> tools) =>
        string.Join(", ", tools.Take(MostNames).Select(static tool => tool.Name)) + (tools.Count > MostNames ? ", …" : "");
}
