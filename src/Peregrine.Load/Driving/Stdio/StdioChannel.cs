using System.Runtime.Versioning;
using Peregrine.Load.Driving.Polling;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.Framing;
using Peregrine.Transport.Processes;

namespace Peregrine.Load.Driving.Stdio;

/// <summary>A process and its pipes, which carry any number of calls at a time: what users send between two flushes goes out in one write.</summary>
[SupportedOSPlatform("linux")]
internal sealed class StdioChannel : Channel
{
    private readonly LineFramer _lines;
    private readonly int _input;
    private readonly int _output;
    private PooledByteWriter _filling = new(64 * 1024);
    private PooledByteWriter _sending = new(64 * 1024);
    private int _sent;
    private bool _wantsWrite;

    /// <summary>Starts the process.</summary>
    /// <param name="owner">Who is told.</param>
    /// <param name="polls">Where to wait.</param>
    /// <param name="tokens">What names its output in events; the number after it names its input.</param>
    /// <param name="options">What to start.</param>
    /// <param name="maxReplyLength">The longest line taken.</param>
    internal StdioChannel(IChannelOwner owner, PollSet polls, int tokens, ProcessConnectionOptions options, int maxReplyLength)
        : base(owner, polls, tokens)
    {
        _lines = new LineFramer(maxReplyLength);
        Process = ServerProcess.Start(options);
        _input = (int)Process.InputHandle!.DangerousGetHandle();
        _output = (int)Process.OutputHandle!.DangerousGetHandle();
        PipeDescriptors.MakeNonBlocking(_input);
        PipeDescriptors.MakeNonBlocking(_output);
        Join();
        IsOpen = true;
    }

    /// <summary>The process; whoever made this disposes it.</summary>
    internal ServerProcess Process { get; }

    internal override void Send(ReadOnlySpan<byte> request) => _filling.Write(request);

    internal override void Flush()
    {
        while (IsOpen)
        {
            if (_sent == _sending.Length)
            {
                _sending.Clear();
                _sent = 0;
                (_sending, _filling) = (_filling, _sending);
                if (_sending.Length == 0)
                {
                    WantWrite(false);
                    return;
                }
            }

            var count = PipeDescriptors.Write(_input, _sending.WrittenSpan[_sent..]);
            if (count == PipeDescriptors.WouldBlock)
            {
                WantWrite(true);
                return;
            }

            if (count == PipeDescriptors.Broken)
            {
                Break("the process closed its standard input");
                return;
            }

            _sent += count;
            BytesOut += count;
        }
    }

    internal override void OnReady(PollEvent ready)
    {
        if (ready.Token != Token)
        {
            Flush();
        }
        else if (ready.CanRead)
        {
            Receive();
        }
    }

    public override void Dispose()
    {
        Forget();
        _lines.Dispose();
        _filling.Dispose();
        _sending.Dispose();
    }

    private void Receive()
    {
        var buffer = _lines.GetBuffer().Span;
        var count = PipeDescriptors.Read(_output, buffer);
        if (count == PipeDescriptors.WouldBlock)
        {
            return;
        }

        if (count <= 0)
        {
            Break("the process ended, or closed its standard output");
            return;
        }

        BytesIn += count;
        _lines.Advance(count);
        FrameResult result;
        while (IsOpen && (result = _lines.TryRead(out var line)) != FrameResult.NeedMore)
        {
            Owner.OnMessage(this, status: 200, result == FrameResult.Line ? line : default, default);
        }
    }

    private void WantWrite(bool wants)
    {
        if (wants == _wantsWrite)
        {
            return;
        }

        _wantsWrite = wants;
        if (wants)
        {
            Polls.Add(_input, null, (Token + 1), write: true);
        }
        else
        {
            Polls.Remove(_input, (Token + 1));
        }
    }

    private void Break(string why)
    {
        if (IsOpen)
        {
            Forget();
            Owner.OnBroken(this, LoadError.Closed, why);
        }
    }

    private void Forget()
    {
        if (IsOpen)
        {
            IsOpen = false;
            Leave();
        }
    }

    private protected override void Join() => Polls.Add(_output, null, Token, write: false);

    private protected override void Leave()
    {
        WantWrite(false);
        Polls.Remove(_output, Token);
    }
}
