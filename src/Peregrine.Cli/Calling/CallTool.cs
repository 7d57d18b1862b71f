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
            var error = "";
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
                    await Console.Error.WriteLineAsync($"peregrine: the server lists no tool {call.Tool}; it lists {Names(tools)}. Called all the same.").ConfigureAwait(false);
                }

                arguments = ArgumentReader.TryRead(tool?.InputSchema ?? default, call.Pairs, out error);
            }

            if (arguments is null)
            {
                return await CommandLine.RefuseAsync($"{call.Tool}: {error}").ConfigureAwait(false);
            }

            using var progress = ProgressLine.Begin();
            using var result = await client.CallToolAsync(call.Tool, arguments, progress, cancellationToken).ConfigureAwait(false);
            progress?.Dispose();
            await Console.Out.WriteLineAsync(json ? Encoding.UTF8.GetString(result.Raw.Span) : Describe(result)).ConfigureAwait(false);
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

    private static string Names(IReadOnlyList<RemoteTool> tools) =>
        tools.Count == 0 ? "none" : string.Join(", ", tools.Take(MostNames).Select(static tool => tool.Name)) + (tools.Count > MostNames ? ", …" : "");
}
