using System.Text.Json;
using Sessiond.Daemon.Sessions;

namespace Sessiond.Daemon.Lifecycle;

/// <summary>Has the holder keep what the next daemon must know of the devbox as a whole.</summary>
/// <param name="record">As it is now.</param>
/// <param name="put">Hands it to the holder.</param>
internal sealed class DevboxKeeper(DevboxRecord record, Action<byte[]> put)
{
    private readonly Lock _gate = new(); // guards _record, and that records reach the holder in order
    private DevboxRecord _record = record;

    internal DevboxRecord Record
    {
        get
        {
            lock (_gate) return _record;
        }
    }

    /// <summary>Changes it. Any thread.</summary>
    internal void Keep(Func<DevboxRecord, DevboxRecord> change)
    {
        lock (_gate)
        {
            _record = change(_record);
            put(Encode());
        }
    }

    internal byte[] Encode()
    {
        lock (_gate) return JsonSerializer.SerializeToUtf8Bytes(_record, RecordJsonContext.Default.DevboxRecord);
    }
}
