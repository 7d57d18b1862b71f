using System.Text;

namespace Peregrine.Interop.Tests.Processes;

/// <summary>Reads what a program writes, line by line, and lets tests wait for a line. Thread-safe.</summary>
internal sealed class WrittenLines
{
    private readonly Lock _gate = new();
    private readonly List<string> _lines = [];
    private readonly List<(string Part, TaskCompletionSource<string> Found)> _waiting = [];
    private bool _ended;

    internal WrittenLines(StreamReader reader) => Ended = ReadAsync(reader);

    internal Task Ended { get; }

    internal string Text
    {
        get
        {
            lock (_gate)
            {
                return _lines.Aggregate(new StringBuilder(), static (text, line) => text.Append(line).Append('\n')).ToString();
            }
        }
    }

    /// <summary>The first line with this in it, also one that came before.</summary>
    internal Task<string> WaitForAsync(string part)
    {
        lock (_gate)
        {
            if (_lines.Find(line => line.Contains(part, StringComparison.Ordinal)) is { } line)
            {
                return Task.FromResult(line);
            }

            var found = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_ended)
            {
                found.SetException(NotFound(part));
            }

            _waiting.Add((part, found));
            return found.Task;
        }
    }

    private async Task ReadAsync(StreamReader reader)
    {
        try
        {
            while (await reader.ReadLineAsync() is { } line)
            {
                lock (_gate)
                {
                    _lines.Add(line);
                    foreach (var (_, found) in _waiting.Where(entry => line.Contains(entry.Part, StringComparison.Ordinal)))
                    {
                        found.TrySetResult(line);
                    }
                }
            }
        }
        finally
        {
            lock (_gate)
            {
                _ended = true;
                foreach (var (part, found) in _waiting)
                {
                    found.TrySetException(NotFound(part));
                }
            }
        }
    }

    private InvalidOperationException NotFound(string part) => new($"The program ended without a line that contains \"{part}\". It wrote:\n{Text}");
}
