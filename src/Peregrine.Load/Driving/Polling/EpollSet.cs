using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Peregrine.Load.Driving.Polling;

/// <summary>epoll(7), with waits as short as the kernel's timers allow.</summary>
[SupportedOSPlatform("linux")]
internal sealed partial class EpollSet : PollSet
{
    private const int CloseOnExec = 0x80000;
    private const int AddDescriptor = 1, RemoveDescriptor = 2, ChangeDescriptor = 3;
    private const uint In = 0x001, Out = 0x004, Error = 0x008, HangUp = 0x010;
    private const short PollIn = 0x001;
    private const int SetTimerSlack = 29;
    private const int InterruptedError = 4;

    // struct epoll_event is packed on x86-64 and nowhere else.
    private static readonly int EventSize = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    private static readonly int DataOffset = EventSize - 8;

    private readonly int _epoll;
    private readonly byte[] _buffer = new byte[MaxEvents * 16];
    private bool _isPrecise;
    private bool _disposed;

    internal EpollSet()
    {
        _epoll = Create(CloseOnExec);
        if (_epoll < 0)
        {
            throw new IOException($"epoll_create1 failed: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    internal override void Add(int descriptor, Socket? socket, int token, bool write) => Control(AddDescriptor, descriptor, token, write ? In | Out : In);

    internal override void Change(int descriptor, Socket? socket, int token, bool write) => Control(ChangeDescriptor, descriptor, token, write ? In | Out : In);

    // Fails where the descriptor is closed already, which removed it.
    internal override void Remove(int descriptor, int token) => _ = Control(_epoll, RemoveDescriptor, descriptor, ref _buffer[0]);

    internal override int Wait(long nanoseconds, Span<PollEvent> events)
    {
        if (nanoseconds <= 0)
        {
            return Take(events);
        }

        if (!_isPrecise)
        {
            // Of the thread that waits: wake-ups come when they are due, not up to 50 µs later.
            _ = Prctl(SetTimerSlack, 1, 0, 0, 0);
            _isPrecise = true;
        }

        var poll = new PollDescriptor { Descriptor = _epoll, Wanted = PollIn };
        var time = new TimeSpec { Seconds = (nint)(nanoseconds / RunClock.Second), Nanoseconds = (nint)(nanoseconds % RunClock.Second) };
        _ = PPoll(ref poll, 1, ref time, 0);
        return Take(events);
    }

    public override void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _ = Close(_epoll);
        }
    }

    private void Control(int operation, int descriptor, int token, uint wanted)
    {
        Span<byte> one = stackalloc byte[16];
        MemoryMarshal.Write(one, wanted);
        MemoryMarshal.Write(one[DataOffset..], (long)token);
        if (Control(_epoll, operation, descriptor, ref MemoryMarshal.GetReference(one)) != 0)
        {
            throw new IOException($"epoll_ctl failed: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    private int Take(Span<PollEvent> events)
    {
        var count = Wait(_epoll, ref _buffer[0], Math.Min(events.Length, MaxEvents), 0);
        if (count < 0)
        {
            return Marshal.GetLastPInvokeError() == InterruptedError ? 0 : throw new IOException($"epoll_wait failed: {Marshal.GetLastPInvokeErrorMessage()}");
        }

        for (var i = 0; i < count; i++)
        {
            var one = _buffer.AsSpan(i * EventSize, EventSize);
            var found = MemoryMarshal.Read<uint>(one);
            events[i] = new PollEvent((int)MemoryMarshal.Read<long>(one[DataOffset..]), (found & (In | Error | HangUp)) != 0, (found & (Out | Error | HangUp)) != 0);
        }

        return count;
    }

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial int Create(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static partial int Control(int epoll, int operation, int descriptor, ref byte wanted);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    private static partial int Wait(int epoll, ref byte events, int count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "ppoll", SetLastError = true)]
    private static partial int PPoll(ref PollDescriptor descriptors, nuint count, ref TimeSpec timeout, nint signals);

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int Prctl(int option, nuint a, nuint b, nuint c, nuint d);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        internal int Descriptor;
        internal short Wanted;
        internal short Found;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        internal nint Seconds;
        internal nint Nanoseconds;
    }
}
