using System.Globalization;
using Peregrine.Client.Tools;

namespace Peregrine.Cli.Calling;

/// <summary>Shows on a terminal how far a call has come: one line on standard error, written over and over, gone at the end.</summary>
internal sealed class ProgressLine : IProgress<CallProgress>, IDisposable
{
    private const int BarWidth = 24;

    private readonly Lock _gate = new();
    private int _length;
    private bool _ended;

    private ProgressLine()
    {
    }

    /// <summary>A line on the terminal; null where standard error is none.</summary>
    internal static ProgressLine? Begin() => Console.IsErrorRedirected ? null : new ProgressLine();

    public void Report(CallProgress value)
    {
        var text = value.Total is > 0 and var total
            ? string.Create(CultureInfo.InvariantCulture, $"[{Bar(value.Progress / total)}] {value.Progress} of {total} {value.Message}")
            : string.Create(CultureInfo.InvariantCulture, $"{value.Progress} {value.Message}");
        lock (_gate)
        {
            if (!_ended)
            {
                Write(TerminalText.Show(text.ReplaceLineEndings(" ").Replace('\t', ' ')));
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (!_ended && _length > 0)
            {
                Write("");
                Console.Error.Write('\r');
            }

            _ended = true;
        }
    }

    private static string Bar(double share)
    {
        var full = (int)Math.Round(Math.Clamp(share, 0, 1) * BarWidth);
        return new string('#', full) + new string('.', BarWidth - full);
    }

    private void Write(string text)
    {
        var width = Math.Max(20, Console.WindowWidth - 1);
        text = text.Length > width ? text[..width] : text;
        Console.Error.Write('\r' + text + new string(' ', Math.Max(0, _length - text.Length)));
        _length = text.Length;
    }
}
