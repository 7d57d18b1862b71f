using Peregrine.Load.Driving.Http;
using Peregrine.Load.Driving.Stdio;

namespace Peregrine.Load.Driving;

/// <summary>The connections and processes of users.</summary>
internal sealed partial class Worker
{
    private long _closedIn;
    private long _closedOut;

    // False where there is no connection: then the call has failed, and the user goes on with what comes after it.
    private bool TryConnect(User user, long now)
    {
        if (TryOpen(user, out var error, out var why))
        {
            return true;
        }

        FailUnsent(user, error, why, now);
        return false;
    }

    private bool TryOpen(User user, out LoadError error, out string why)
    {
        (error, why) = (LoadError.Closed, "the process has ended");
        if (_shared is not null)
        {
            return _shared.IsOpen;
        }

        if (user.Channel is { IsOpen: true })
        {
            return true;
        }

        Drop(user);
        try
        {
            _tally.Connections++;
            user.Channel = Connect(user.Index * 2);
        }
        catch (Exception exception) when (exception is IOException or System.Net.Sockets.SocketException or Transport.Connections.McpTransportException)
        {
            (error, why) = (LoadError.Connect, exception.Message);
            return false;
        }

        user.Channel.User = user;
        _channels[user.Index * 2] = _channels[(user.Index * 2) + 1] = user.Channel;
        return true;
    }

    private Channel Connect(int token)
    {
        if (_run.EndPoint is { } endpoint)
        {
            return new HttpChannel(this, _polls, token, endpoint, _run.Options.MaxReplyLength);
        }

        return OperatingSystem.IsLinux()
            ? new StdioChannel(this, _polls, token, _run.Process, _run.Options.MaxReplyLength)
            : throw new PlatformNotSupportedException("Measuring a command needs Linux.");
    }

    private void Drop(User user)
    {
        if (user.Channel is not { } channel)
        {
            return;
        }

        user.Channel = null;
        _channels[user.Index * 2] = _channels[(user.Index * 2) + 1] = null;
        _closedIn += channel.BytesIn;
        _closedOut += channel.BytesOut;
        if (!_run.IsHttp)
        {
            // The next process must be opened anew.
            Forget(user);
        }

        End(channel);
    }

    private void End(Channel channel)
    {
        channel.Dispose();
        if (OperatingSystem.IsLinux() && channel is StdioChannel { Process: var process })
        {
            _ending.RemoveAll(static task => task.IsCompletedSuccessfully);
            _ending.Add(process.DisposeAsync().AsTask());
        }
    }

    private (long In, long Out) Bytes()
    {
        var (bytesIn, bytesOut) = (_closedIn, _closedOut);
        foreach (var channel in _channels.OfType<Channel>().Distinct())
        {
            bytesIn += channel.BytesIn;
            bytesOut += channel.BytesOut;
        }

        return (bytesIn, bytesOut);
    }
}
