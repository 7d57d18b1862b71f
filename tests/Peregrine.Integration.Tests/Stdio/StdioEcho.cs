using System.Buffers.Text;
using System.Collections;
using System.Text;
using Peregrine.Integration.Tests.Processes;

namespace Peregrine.Integration.Tests.Stdio;

/// <summary>Calls <c>echo</c> of a server on stdio many times, so many at once, and makes sure that each call is answered once and rightly.</summary>
internal sealed class StdioEcho(StdioChild child, int inFlight)
{
    /// <summary>Makes so many calls; all are answered when it returns.</summary>
    /// <param name="calls">How many.</param>
    /// <param name="received">Called after each reply, with how many there were.</param>
    internal void Run(int calls, Action<int>? received = null)
    {
        var answered = new BitArray(calls);
        var sent = 0;
        for (var count = 0; count < calls; count++)
        {
            sent = Send(sent, Math.Min(calls, count + inFlight), calls);
            Receive(answered);
            received?.Invoke(count + 1);
        }

        Assert.True(answered.HasAllSet());
    }

    // In batches: a system call a message would only measure this test.
    private int Send(int sent, int until, int calls)
    {
        if (until - sent < inFlight / 2 && until != calls)
        {
            return sent;
        }

        var batch = new StringBuilder();
        for (; sent < until; sent++)
        {
            batch.Append("{\"jsonrpc\":\"2.0\",\"id\":").Append(sent).Append(",\"method\":\"tools/call\",\"params\":{\"name\":\"echo\",\"arguments\":{\"message\":\"hello\"}}}\n");
        }

        if (batch.Length > 0)
        {
            child.Send(Encoding.UTF8.GetBytes(batch.ToString()));
        }

        return sent;
    }

    private void Receive(BitArray answered)
    {
        var line = child.ReceiveLine();
        Assert.True(Utf8Parser.TryParse(line["{\"jsonrpc\":\"2.0\",\"id\":"u8.Length..], out int id, out _), Encoding.UTF8.GetString(line));
        Assert.True(line.EndsWith("\"text\":\"hello\"}]}}"u8), Encoding.UTF8.GetString(line));
        Assert.False(answered[id], $"{id} was answered twice.");
        answered[id] = true;
    }
}
