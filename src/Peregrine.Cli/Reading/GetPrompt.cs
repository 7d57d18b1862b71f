using System.Text;
using Peregrine.Cli.Calling;
using Peregrine.Cli.Targets;
using Spectre.Console;

namespace Peregrine.Cli.Reading;

/// <summary>`peregrine prompt`: a prompt, filled in.</summary>
internal static class GetPrompt
{
    internal static Task<int> RunAsync(
        Target target, TargetOptions options, string name, IReadOnlyList<KeyValuePair<string, string>> pairs, bool json, CancellationToken cancellationToken) =>
        Conversation.RunAsync(target, options, async client =>
        {
            Dictionary<string, string> arguments = new(StringComparer.Ordinal);
            foreach (var (key, value) in pairs)
            {
                arguments[key] = value;
            }

            using var prompt = await client.GetPromptAsync(name, arguments, options: null, cancellationToken).ConfigureAwait(false);
            if (json)
            {
                await Console.Out.WriteLineAsync(Encoding.UTF8.GetString(prompt.Raw.Span)).ConfigureAwait(false);
                return ExitCodes.Fine;
            }

            foreach (var message in prompt.Messages)
            {
                var text = ContentText.Describe(message.Content);
                if (Console.IsOutputRedirected)
                {
                    await Console.Out.WriteLineAsync($"{message.Role}: {text}").ConfigureAwait(false);
                }
                else
                {
                    AnsiConsole.MarkupLine($"[bold aqua]{Markup.Escape(message.Role)}:[/] {Markup.Escape(text)}");
                }
            }

            return ExitCodes.Fine;
        }, cancellationToken);
}
