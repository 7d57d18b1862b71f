using System.Buffers;
using Peregrine.Execution.Stores;

namespace Peregrine.Execution.Tests.Stores.Contracts;

/// <summary>The four stores of one kind, as the contract tests use them. Derive for each kind.</summary>
public abstract class StoresUnderTest : IAsyncDisposable
{
    public ContractTime Time { get; } = new();

    public abstract ICallLedger Ledger { get; }

    public abstract IRecordStore Records { get; }

    public abstract IEventLog Events { get; }

    public abstract ICounterStore Counters { get; }

    /// <summary>True where the contents survive <see cref="RestartAsync"/>.</summary>
    public abstract bool Survives { get; }

    /// <summary>Ends the process that has the stores without a word, and begins another one.</summary>
    public abstract ValueTask RestartAsync();

    public abstract ValueTask DisposeAsync();

    internal static ReadOnlySequence<byte> Bytes(string text) => new(System.Text.Encoding.UTF8.GetBytes(text));

    internal static string Text(ReadOnlyMemory<byte> bytes) => System.Text.Encoding.UTF8.GetString(bytes.Span);
}
