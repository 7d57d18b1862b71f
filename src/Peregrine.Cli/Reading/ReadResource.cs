using System.Text;
using Peregrine.Cli.Calling;
using Peregrine.Cli.Targets;
using Peregrine.Client.Resources;

namespace Peregrine.Cli.Reading;

/// <summary>`peregrine read`: the contents of a resource.</summary>
internal static class ReadResource
{
    internal static Task<int> RunAsync(Target target, TargetOptions options, string uri, bool json, CancellationToken cancellationToken) =>
        Conversation.RunAsync(target, options, async client =>
        {
            using var content = await client.ReadResourceAsync(uri, options: null, cancellationToken).ConfigureAwait(false);
            if (json)
            {
                await Console.Out.WriteLineAsync(TerminalText.ForOutput(Encoding.UTF8.GetString(content.Raw.Span))).ConfigureAwait(false);
                return ExitCodes.Fine;
            }

            foreach (var part in content.Parts)
            {
                if (part.Text is { } text)
                {
                    // As it is where it goes into a file; on a terminal the prompt comes on a line of its own.
                    await Console.Out.WriteAsync(Console.IsOutputRedirected ? text : TerminalText.Show(text.EndsWith('\n') ? text : text + Environment.NewLine)).ConfigureAwait(false);
                    continue;
                }

                if (ReadBlob(part) is not { } bytes)
                {
                    await Console.Error.WriteLineAsync(TerminalText.ForError($"peregrine: what the server sent for {part.Uri} is no Base64")).ConfigureAwait(false);
                    return ExitCodes.Failed;
                }

                if (Console.IsOutputRedirected)
                {
                    await Console.Out.FlushAsync(cancellationToken).ConfigureAwait(false);
                    var output = Console.OpenStandardOutput();
                    await using (output.ConfigureAwait(false))
                    {
                        await output.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
                    }
                }
                else
                {
                    await Console.Error.WriteLineAsync(TerminalText.ForError($"peregrine: {part.Uri} has {bytes.Length} bytes of {part.MimeType ?? "unknown type"}; redirect standard output to keep them")).ConfigureAwait(false);
                }
            }

            return ExitCodes.Fine;
        }, cancellationToken);

    private static byte[]? ReadBlob(ResourcePart part)
    {
        try
        {
            return part.GetBlob();
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
