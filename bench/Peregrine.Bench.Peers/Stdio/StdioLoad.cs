using System.Buffers.Text;
using System.Diagnostics;
using System.Text;
using Peregrine.Bench.Peers.Measuring;
using Peregrine.Bench.Peers.Processes;
using Peregrine.Bench.Peers.Workload;

namespace Peregrine.Bench.Peers.Stdio;

/// <summary>
/// A closed loop over a server's pipes: a fixed number of calls in flight, requests formatted once with only the id patched in, every reply checked
/// (its id is outstanding, the echoed text is in it). One thread: what came is answered with as many new calls in one write.
/// </summary>
internal sealed class StdioLoad : ILoad
{
    private const int FirstId = 1_000_000_000;
    private const int IdDigits = 10;
    private const int PipeCapacity = 64 * 1024;
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(30);
    private static readonly byte[] s_echoText = Encoding.UTF8.GetBytes(Messages.EchoText);

    private readonly NativeProcess _process;
    private readonly LineReader _replies;
    private readonly byte[] _request;
    private readonly int _idOffset;
    private readonly byte[] _batch;
    private readonly int[] _outstanding;
    private readonly int[] _rounds;
    private readonly long[] _sentAt;
    private readonly LatencyHistogram _latencies = new();
    private int _batched;
    private int _inFlight;

    public StdioLoad(IReadOnlyList<string> command, ReadOnlySpan<int> processors, Era era, int inFlight)
    {
        string template = Messages.EchoTemplate(era) + "\n";
        _idOffset = template.IndexOf(Messages.IdPlaceholder, StringComparison.Ordinal);
        _request = Encoding.UTF8.GetBytes(template.Replace(Messages.IdPlaceholder, new string('0', IdDigits), StringComparison.Ordinal));
        _batch = new byte[_request.Length * inFlight];
        if (_batch.Length > PipeCapacity)
            throw new ArgumentOutOfRangeException(nameof(inFlight), "all calls in flight must fit into the pipe, or one thread cannot both write and read");
        _outstanding = new int[inFlight];
        _rounds = new int[inFlight];
        _sentAt = new long[inFlight];
        _process = NativeProcess.Start(command, processors, pipeInput: true, pipeOutput: true);
        _replies = new LineReader(_process.Output);
        try
        {
            StdioConversation.Open(_process, _replies, era);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public int ProcessId => _process.Id;

    public void Dispose() => _process.Dispose();

    public Measurement Run(TimeSpan length)
    {
        // A read has no timeout; a server that falls silent is killed, which ends the read.
        using Timer watchdog = _process.KillAfter(length + s_silence);
        _latencies.Clear();
        TimeSpan loadBefore = Environment.CpuUsage.TotalTime;
        var usage = new UsageWindow(ProcessId);
        long start = Stopwatch.GetTimestamp(), deadline = start + (long)(length.TotalSeconds * Stopwatch.Frequency), now = start;
        for (int slot = 0; slot < _outstanding.Length; slot++)
            Append(slot);
        Send();

        long completed = 0;
        while (now < deadline)
        {
            completed += ReceiveBatch(out now, again: true);
            Send();
        }

        double seconds = Stopwatch.GetElapsedTime(start, now).TotalSeconds;
        Measurement measurement = usage.End(
            completed / seconds,
            _latencies.Quantile(0.5),
            _latencies.Quantile(0.99),
            _latencies.Quantile(1),
            Environment.CpuUsage.TotalTime - loadBefore);
        while (_inFlight > 0)
            ReceiveBatch(out _, again: false);
        return measurement;
    }

    private int ReceiveBatch(out long receivedAt, bool again)
    {
        if (!_replies.Fill())
            throw new BenchException($"the server ended or fell silent with {_inFlight} calls in flight; it wrote: {_process.ErrorText()}");
        receivedAt = Stopwatch.GetTimestamp();
        int count = 0;
        while (_replies.TryTake(out ReadOnlySpan<byte> line))
        {
            if (!TryMatch(line, out int slot))
                continue;
            _latencies.Record(Stopwatch.GetElapsedTime(_sentAt[slot], receivedAt).Ticks * 100);
            _outstanding[slot] = 0;
            _inFlight--;
            count++;
            if (again)
                Append(slot);
        }

        return count;
    }

    /// <summary>False for a notification; throws for anything else that is not the reply to an outstanding call.</summary>
    private bool TryMatch(ReadOnlySpan<byte> line, out int slot)
    {
        slot = -1;
        int at = line.IndexOf("\"id\":"u8);
        if (at < 0 && line.IndexOf("\"method\":"u8) >= 0)
            return false;
        if (at < 0 || !Utf8Parser.TryParse(line[(at + 5)..], out int id, out _) || id < FirstId)
            throw new BenchException($"a reply without the id of a call: {Excerpt(line)}");
        slot = (id - FirstId) % _outstanding.Length;
        if (_outstanding[slot] != id)
            throw new BenchException($"a second reply, or one that nobody asked for: {Excerpt(line)}");
        if (line.IndexOf(s_echoText) < 0)
            throw new BenchException($"a reply without the echoed text: {Excerpt(line)}");
        return true;
    }

    private void Append(int slot)
    {
        // The id says the slot; its digits stay ten, so that it can be patched into the formatted request.
        if (FirstId + ((_rounds[slot] + 1L) * _outstanding.Length) > int.MaxValue)
            _rounds[slot] = 0;
        int id = FirstId + (_rounds[slot]++ * _outstanding.Length) + slot;
        _outstanding[slot] = id;
        Span<byte> destination = _batch.AsSpan(_batched, _request.Length);
        _request.CopyTo(destination);
        Utf8Formatter.TryFormat(id, destination[_idOffset..], out _);
        _batched += _request.Length;
        _inFlight++;
        _sentAt[slot] = 0;
    }

    private void Send()
    {
        if (_batched == 0)
            return;
        long now = Stopwatch.GetTimestamp();
        for (int slot = 0; slot < _sentAt.Length; slot++)
        {
            if (_sentAt[slot] == 0)
                _sentAt[slot] = now;
        }

        Descriptor.Write(_process.Input, _batch.AsSpan(0, _batched));
        _batched = 0;
    }

    private static string Excerpt(ReadOnlySpan<byte> line) => Encoding.UTF8.GetString(line[..Math.Min(line.Length, 300)]);
}
