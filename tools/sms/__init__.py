from . import phone, secret_log, sms_gateway, sms_text
