import java.io.IOException;
import java.io.Serializable;

/** Tells to what watermark a message brings its partition. */
interface Clock extends Serializable {
	long watermarkMs(byte[] value) throws IOException;
}
